import Foundation
import Images
import ONNXFiles
import SeededRandom
import TestSupport
import Testing

/// Each command to its end with networks that were imported: as f_C one with a map, as f_V one of 512 numbers
/// without.
@Suite(.serialized, .enabled(if: Tool.hasModels, "needs models/ and samples/"))
struct ImportedNetworkTests {
  /// What all tests share: `models`, complete, `people`, `crowd` and `set`.
  private static let prepared = Result { try prepare() }

  func folder() throws -> String { try Self.prepared.get() }

  private static func tensor(_ shape: [Int], _ random: inout SplitMix64) -> ONNXTensor {
    let count = shape.reduce(1, *)
    let size = (2 / Float(count / shape[0])).squareRoot()
    return ONNXTensor(shape: shape, .floats((0..<count).map { _ in random.normal() * size }))
  }

  /// Random weights: two convolutions to 7×7 places with channels of their own, a dense layer.
  static func network(_ embedding: Int, seed: UInt64) -> ONNXModel {
    var random = SplitMix64(seed: seed)
    return ONNXModel(
      operatorSet: 11,
      nodes: [
        ONNXNode(
          "Conv", inputs: ["data", "w1"], outputs: ["a"],
          attributes: ["strides": .integers([4, 4])]),
        ONNXNode("PRelu", inputs: ["a", "s1"], outputs: ["b"]),
        ONNXNode(
          "Conv", inputs: ["b", "w2"], outputs: ["c"],
          attributes: [
            "strides": .integers([4, 4]), "pads": .integers([1, 1, 1, 1]), "group": .integer(2),
          ]),
        ONNXNode("PRelu", inputs: ["c", "s2"], outputs: ["map"]),
        ONNXNode("Flatten", inputs: ["map"], outputs: ["f"]),
        ONNXNode("Gemm", inputs: ["f", "w3"], outputs: ["y"], attributes: ["transB": .integer(1)]),
      ],
      tensors: [
        "w1": tensor([8, 3, 4, 4], &random), "w2": tensor([16, 4, 3, 3], &random),
        "s1": ONNXTensor(shape: [8, 1, 1], .floats([Float](repeating: 0.2, count: 8))),
        "s2": ONNXTensor(shape: [16, 1, 1], .floats((0..<16).map { Float($0) / 32 })),
        "w3": tensor([embedding, 16 * 7 * 7], &random),
      ],
      inputs: [ONNXValue("data", shape: [nil, 3, 112, 112])],
      outputs: [ONNXValue("y", shape: [nil, embedding])])
  }

  static func write(_ model: ONNXModel, _ path: String) throws {
    try Data(model.bytes(producer: "test")).write(to: URL(fileURLWithPath: path))
  }

  private struct Failed: Error, CustomStringConvertible { let description: String }

  @discardableResult static func run(_ words: [String]) throws -> Tool.Run {
    let run = try Tool.run(words)
    guard run.status == 0 else { throw Failed(description: "\(words): \(run.status) \(run.words)") }
    return run
  }

  static let widths = [
    "--latent", "8", "--attribute-widths", "4,4,4,4,4", "--generator-widths", "8,8,4,4,4,4",
    "--discriminator-widths", "4,4,4,4,4", "--batch", "4", "--steps", "2", "--held-out", "0",
  ]

  private static func prepare() throws -> String {
    let folder = try Tool.temporaryFolder()
    try write(network(24, seed: 11), folder + "/map.onnx")
    try write(network(512, seed: 12), folder + "/row.onnx")
    let models = ["--models", folder + "/models"]
    try SyntheticPeople.writeFolder(folder + "/people", people: 12, pictures: 3)
    // A threshold for one picture in ten takes 300 of them, and 300 pairs.
    try SyntheticPeople.writeFolder(folder + "/crowd", people: 104, pictures: 3)
    try run(
      ["import", folder + "/map.onnx", "--name", "f_c", "--data", folder + "/crowd"] + models)
    try run(["import", folder + "/row.onnx", "--name", "f_v", "--identity", "y"] + models)
    try run(
      ["train", "ipgan", "--data", folder + "/people", "--state", folder + "/g.state"] + widths
        + models)
    try run(
      [
        "attack-set", "--pairs", folder + "/people", "--limit", "12", "--thetas", "0.01",
        "--iterations", "3", "--attack", "minimum-norm,jpeg-75", "-o", folder + "/set",
      ] + models)
    try run(
      ["train", "detector", "--attack-set", folder + "/set", "--bona-fide", folder + "/crowd"]
        + models)
    return folder
  }

  func person(_ person: Int, _ picture: Int) throws -> String {
    "\(try folder())/people/p\(person)/\(picture).png"
  }

  var models: [String] { get throws { ["--models", try folder() + "/models"] } }

  @Test("a pair is verified, a picture screened and embedded; the pipe says the same")
  func doors() throws {
    let (a, b) = (try person(0, 0), try person(0, 1))
    let verified = try Tool.run(["verify", "--aligned", "--json", a, b] + models)
    #expect([0, 1].contains(verified.status), "\(verified.words)")
    let verdict = try #require(
      try JSONSerialization.jsonObject(with: Data(verified.output.utf8)) as? [String: Any])
    #expect(verdict["verdict"] as? String != "undecided")
    #expect((verdict["subscores"] as? [String: Any])?["witness_distance"] != nil)
    let checked = try Tool.run(
      ["check", "--aligned"] + models,
      input: #"{"probe":"\#(a)","reference":"\#(b)"}"# + "\n"
        + #"{"do":"embed","picture":"\#(a)"}"# + "\n")
    let lines = checked.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 2 && lines[0] + "\n" == verified.output, "\(checked.words)")
    let screened = try Tool.run(["screen", "--aligned", a] + models)
    #expect([0, 1].contains(screened.status), "\(screened.words)")
    for (name, count) in [("f_c", 24), ("f_v", 512)] {
      let run = try Tool.run(["embed", "--aligned", "--model", name, a] + models)
      let line = try #require(
        try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
      #expect((line["embedding"] as? [Double])?.count == count, "\(run.words)")
    }
  }

  @Test("people are enrolled and identified") func templates() throws {
    let gallery = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: gallery) }
    let enrolled = try Tool.run(
      ["enrol", "Ada", try person(1, 0), "--aligned", "--into", gallery + "/a.json"] + models)
    // Random networks may call an untouched picture tampered with; then they say so.
    #expect([0, 1].contains(enrolled.status), "\(enrolled.words)")
    guard enrolled.status == 0 else {
      #expect(enrolled.words.contains("tampered"))
      return
    }
    let found = try Tool.run(
      ["identify", try person(1, 0), "--aligned", "--gallery", gallery] + models)
    #expect([0, 1].contains(found.status), "\(found.words)")
    let held = try Tool.run(
      ["verify", try person(1, 0), "--aligned", "--template", gallery + "/a.json"] + models)
    #expect([0, 1].contains(held.status), "\(held.words)")
  }

  @Test("a service starts, passes its self-test and verifies") func service() throws {
    let log = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: log) }
    let service = try RunningService(models, log: log + "/log")
    let answer = try service.curl(
      "/v1/verify", ["-F", "probe=@\(try person(2, 0))", "-F", "reference=@\(try person(2, 1))"])
    #expect(answer.hasSuffix("200") && !answer.contains("undecided"), "\(answer)")
    #expect(service.end(SIGTERM) == 0)
  }

  @Test(
    "attacks end with the network as victim, as surrogate and as witness",
    arguments: [
      [], ["--attack", "bim", "--model", "f_v", "--made-against", "f_c"],
      ["--attack", "bim", "--made-against", "f_v"], ["--attack", "eot-both"],
      ["--attack", "square"], ["--attack", "adaptive", "--bpcer", "0.1"],
      ["--theta", "door", "--attack", "deepfool"], ["--attack", "glasses"],
    ])
  func attacks(options: [String]) throws {
    let output = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: output) }
    var words = ["attack", "--aligned", "--iterations", "2"] + options
    if !options.contains("--theta") { words += ["--theta", "0.02"] }
    let run = try Tool.run(
      words + [try person(3, 0), try person(4, 0), "-o", output + "/a.png"] + models)
    #expect([0, 1].contains(run.status), "\(run.words)")
    #expect((run.output + run.words).contains("distance²"), "\(run.words)")
  }
}
