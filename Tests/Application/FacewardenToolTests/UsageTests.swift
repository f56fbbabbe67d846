import TestSupport
import Testing

/// Wrong command lines: refused before any file is read, with a hint.
@Suite(.enabled(if: Tool.hasModels, "needs models/ and samples/")) struct UsageTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let words: [String]
    let status: Int32
    let says: String
    var testDescription: String { words.joined(separator: " ") }
  }

  @Test(
    "wrong usage is told in one line, with status 64",
    arguments: [
      Case(words: ["verfy"], status: 64, says: "did you mean 'verify'"),
      Case(words: ["verify"], status: 64, says: "missing argument PROBE"),
      Case(
        words: ["verify", "a", "b", "--aligned", "--face", "only"], status: 64, says: "'--face'"),
      Case(words: ["verify", "a", "b", "--aligned", "--fmr", "2"], status: 64, says: "'--fmr'"),
      Case(words: ["verify", "a", "b", "--algned"], status: 64, says: "'--aligned'"),
      Case(words: ["verify", "a", "b", "c", "--aligned"], status: 64, says: "'c'"),
      Case(
        words: ["attack", "a", "b", "--aligned", "--theta", "5", "-o", "c"], status: 64,
        says: "'--theta'"),
      Case(
        words: ["attack", "a", "b", "--aligned", "--attack", "pdg", "-o", "c"], status: 64,
        says: "pgd-l2"),
      Case(
        words: ["attack", "a", "b", "--aligned", "--attack", "bim,mim", "-o", "c"], status: 64,
        says: "attack-set"),
      Case(
        words: ["attack", "a", "b", "--aligned", "--adaptive", "--attack", "bim", "-o", "c"],
        status: 64, says: "'--attack'"),
      Case(
        words: ["attack", "a", "b", "--aligned", "--restarts", "2", "-o", "c"], status: 64,
        says: "'--adaptive'"),
      Case(
        words: ["attack", "a", "b", "--aligned", "--whole", "-o", "c"], status: 64,
        says: "'--whole'"),
      Case(
        words: ["attack", "a", "b", "--aligned", "--eot", "turn=x", "-o", "c"], status: 64,
        says: "'--eot'"),
      Case(
        words: ["attack", "a", "b", "--aligned", "--see", "f_c,f_x", "-o", "c"], status: 64,
        says: "'--see'"),
      Case(
        words: ["attack", "a", "b", "--aligned", "--through", "jpeg-0", "-o", "c"], status: 64,
        says: "'--through'"),
      Case(
        words: ["attack", "a", "b", "--aligned", "--spread", "hat", "-o", "c"], status: 64,
        says: "'--spread'"),
      Case(
        words: ["attack", "a", "b", "--aligned", "--bpcer", "0.05", "-o", "c"], status: 64,
        says: "'--adaptive'"),
      Case(
        words: ["attack-set", "--pairs", "x.csv", "-o", "c"], status: 64, says: "--images"),
      Case(
        words: [
          "attack-set", "--pairs", "x.csv", "--images", "y", "--thetas", "0.4,dor", "-o", "c",
        ], status: 64, says: "'door'"),
      Case(
        words: ["attack-set", "--pairs", "x.csv", "--images", "y", "--limit", "3", "-o", "c"],
        status: 64, says: "folder"),
      Case(
        words: ["attack-set", "--pairs", "x", "--images", "y", "--shard", "0/3", "-o", "c"],
        status: 64, says: "'--shard'"),
      Case(
        words: [
          "attack-set", "--pairs", "x", "--images", "y", "--attack", "square", "--made-against",
          "f_v", "-o", "c",
        ], status: 64, says: "'square'"),
      Case(words: ["train", "embedder"], status: 64, says: "--data"),
      Case(words: ["train", "embedder", "--data", "x", "--name", "F C"], status: 64, says: "a-z"),
      Case(
        words: ["train", "embedder", "--data", "x", "--name", "ip_gan"], status: 64,
        says: "no other kind"),
      Case(
        words: ["train", "embedder", "--data", "x", "--widths", "8,1.5"], status: 64,
        says: "whole numbers"),
      Case(
        words: ["train", "embedder", "--data", "x", "--loss", "sphere"], status: 64,
        says: "arcface"),
      Case(words: ["evaluate", "verification"], status: 64, says: "DATA"),
      Case(
        words: ["evaluate", "lfw", "--lfw", "x", "--model", "f_v", "--state", "y"], status: 64,
        says: "exclude each other"),
      Case(
        words: ["evaluate", "identification", "x", "y", "--seed", "3"], status: 64,
        says: "PROBES"),
      Case(words: ["transfer", "--identity", "a", "-o", "b"], status: 64, says: "--attributes"),
      Case(words: ["frontalize", "a", "-o", "b", "--face", "big"], status: 64, says: "largest"),
      Case(
        words: ["morph", "a", "b", "--aligned", "-o", "c", "--steps", "1"], status: 64,
        says: "from 2 to 64"),
      Case(
        words: ["morph", "a", "b", "--aligned", "-o", "c", "--identity", "--both"], status: 64,
        says: "exclude each other"),
      Case(words: ["evaluate", "generation"], status: 64, says: "--data PATH"),
      Case(
        words: ["evaluate", "generation", "--data", "x", "--ipgan", "a", "--ipgan", "a"],
        status: 64, says: "given twice"),
      Case(
        words: ["evaluate", "reconstruction", "--data", "x", "--held-out", "0"], status: 64,
        says: "people never seen"),
      Case(
        words: ["evaluate", "attributes", "--data", "x", "--lfw", "y"], status: 64,
        says: "one group"),
      Case(
        words: ["evaluate", "attributes", "--lfw", "y", "--in-training"], status: 64,
        says: "--data PATH"),
      Case(words: ["evaluate", "sheets", "--data", "x"], status: 64, says: "'-o DIR'"),
    ])
  func usage(_ sample: Case) throws {
    let run = try Tool.run(sample.words)
    #expect(run.status == sample.status)
    #expect(run.words.contains(sample.says), "\(run.words)")
    #expect(run.output.isEmpty)
    #expect(run.words.split(separator: "\n").count == 1)
  }
}
