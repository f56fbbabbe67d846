import AttackSets
import Attacks
import CommandLineArguments
import Experiments
import Foundation

/// `facewarden attack-set`: adversarial pictures of many pairs.
struct MakeAttackSet: Subcommand {
  static let command = Command(
    "attack-set", "attacks many pairs at several thresholds and keeps a manifest of all of it",
    discussion: """
      Pairs are LFW's (each mismatched pair both ways), lines of a CSV, or drawn from a folder of \
      person/picture, every picture once. What each attack found is an 8-bit PNG whose distance² \
      was measured again after decoding. With --whole the pictures are photographs: the change is put \
      into the photograph, and the face is found and aligned in it anew. The same command continues a set that was broken off; \
      several shards may write one folder at once.

      The attacks:

      \(AttackNames.list)
      """,
    options: AttackModels.options + [
      .value(
        "--pairs", "PATH", "LFW's pairs.txt, a CSV of source,target, or a folder.",
        isRequired: true),
      .value(
        "--images", "DIR",
        "LFW's folder, or that of the CSV's aligned pictures; the folder of pairs by itself."),
      .value("--per-fold", "N", "Of LFW's pairs, so many mismatched ones a fold."),
      .value("--limit", "N", "Of a folder's pictures, so many as sources."),
      AttackNames.option,
      .value(
        "--thetas", "D2,D2,…",
        "The distances² to undercut, 'door' for the door's own; 0.4,0.6,0.8,1.0 if not given."),
      .value("--iterations", "N", "Gradients or rounds instead of each attack's own number."),
      .value("--seed", "N", "The seed of all that is random; 1 if not given."),
      .value("--shard", "I/N", "Only the I-th of N parts, counted from 1."),
      .flag("--whole", "Puts changes into whole photographs, in which faces are found."),
      .flag(
        "--other-enrolled",
        "Another picture of the target's person decides than the attacker has; pairs without one are "
          + "left out."),
      .value(
        "--bpcer", "RATE",
        "The detector's operating point for attacks that see the screen; 'verify's default if not given."
      ),
      .value("-o", "DIR", "The folder of the set.", isRequired: true),
    ] + FindingOptions.options + AttackOptions.options)

  private let arguments: Arguments
  private let output: String
  private let thetas: AttackThetas
  private let attacks: [NamedAttack]
  private let seed: UInt64
  private let shard: Shard
  private let source: AttackPairSource

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    output = try arguments.value("-o", .text)
    thetas =
      try arguments.optional("--thetas", AttackThetas.reader) ?? AttackThetas([0.4, 0.6, 0.8, 1])
    attacks = try AttackNames.read(arguments)
    seed = try arguments.optional("--seed", .unsignedInteger) ?? 1
    shard = try arguments.optional("--shard", .shard) ?? Shard(number: 1, count: 1)
    try AttackModels.check(arguments)
    source = try AttackPairSource(arguments)
    _ = try arguments.optional("--bpcer", .number(in: 1e-6...0.5))
    guard !arguments.has("--bpcer") || attacks.contains(where: { $0.sees(.screen) }) else {
      throw UsageError.conflict(
        "'--bpcer' goes with attacks that see the screen, such as 'adaptive'")
    }
  }

  func run() throws -> Int32 {
    Interruption.observe()
    let models = try AttackModels(arguments, for: attacks)
    let (all, pictures) = try source.open(seed: seed, arguments)
    let thetas = try thetas.values(models)
    let pairs = all.indices.filter(shard.contains).map { all[$0] }
    try OutputFolder.make(output)
    let writer = try AttackSetWriter(
      folder: output,
      settings: AttackSetSettings(
        attacks: attacks, thetas: thetas, seed: seed, embedder: models.victimSum,
        embedderName: models.victimName, surrogate: models.surrogateSum,
        surrogateName: models.surrogateName, witness: models.witnessSum, screen: models.screenSum,
        isWhole: source.isWhole ? true : nil),
      attacks: attacks, networks: models.networks, shard: (shard.number, shard.count))
    let start = Date()
    var first: Int?
    try writer.write(
      pairs, from: pictures,
      progress: { done, total in
        let began = first ?? done
        if first == nil { first = done }
        let rate = Double(done - began) / max(1e-9, Date().timeIntervalSince(start))
        Console.progress(
          "\(done) of \(total) attacked pairs  "
            + "\(Console.duration(Double(total - done) / rate)) left")
      }, shouldStop: { Interruption.isRequested })
    Console.endProgress()
    if Interruption.isRequested {
      Console.say("stopped; the same command continues")
      return 2
    }
    let report = AttackSetReport(try AttackSet(folder: output))
    try report.write(to: output)
    try Output.line(report.text)
    return 0
  }
}
