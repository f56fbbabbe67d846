import CommandLineArguments
import FaceDatasets
import Foundation
import Images
import SeededRandom

/// `facewarden data held-out`: the people kept out of training, as files.
struct ExportHeldOut: Subcommand {
  static let command = Command(
    "data held-out",
    "writes the people kept out of training as identity/picture.png, and pairs.csv for attacks",
    discussion: "Each picture is paired with one of another person.",
    options: [
      SharedOptions.data, SharedOptions.heldOut, SharedOptions.heldOutSeed,
      .value("--seed", "N", "Which pairs are drawn; 1 if not given."),
      .value("-o", "DIR", "The folder to write.", isRequired: true),
    ])

  private let sources: [String]
  private let heldOut: Double
  private let heldOutSeed, seed: UInt64
  private let output: String

  init(_ arguments: Arguments) throws {
    sources = try arguments.all("--data", .text)
    heldOut = try arguments.optional("--held-out", .number(in: 0...0.5)) ?? 0.03
    heldOutSeed = UInt64(try arguments.optional("--held-out-seed", .integer(in: 0...Int.max)) ?? 1)
    seed = UInt64(try arguments.optional("--seed", .integer(in: 0...Int.max)) ?? 1)
    output = try arguments.value("-o", .text)
  }

  func run() throws -> Int32 {
    let people = try IdentityDataset(sources: sources).split(
      heldOut: heldOut, seed: heldOutSeed
    ).validation
    var random = SplitMix64(seed: seed).derived(from: "pairs")
    var lines = ["source,target"]
    func file(_ index: Int) -> String {
      (people.names[index] as NSString).deletingPathExtension + ".png"
    }
    for index in 0..<people.count {
      let path = output + "/" + file(index)
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try people.image(at: index).writePNG(to: path)
      var other = random.uniform(in: 0..<people.count)
      while people.labels[other] == people.labels[index] && people.people.count > 1 {
        other = random.uniform(in: 0..<people.count)
      }
      lines.append("\(file(index)),\(file(other))")
    }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(
      to: URL(fileURLWithPath: output + "/pairs.csv"), options: .atomic)
    Console.say("wrote \(people.count) pictures of \(people.people.count) people to \(output)")
    return 0
  }
}
