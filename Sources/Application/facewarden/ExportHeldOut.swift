import CommandLineArguments
import FaceDatasets
import Files
import Foundation
import Images
import SeededRandom

/// `facewarden data held-out`: the people kept out of training, as files.
struct ExportHeldOut: Subcommand, CommandSettings {
  static let command = Command(
    "data held-out",
    "writes the people kept out of training as identity/picture.png, and pairs.csv for attacks",
    discussion: "Each picture is paired with one of another person.",
    options: options)

  private var data = LabelledData()
  private var seed: UInt64 = 1
  private var output = ""

  static let settings: [Setting<Self>] =
    part(\.data) + [
      .value("--seed", "N", "Which pairs are drawn.", \.seed, .unsignedInteger),
      .required("-o", "DIR", "The folder to write.", \.output, .text),
    ]

  func run() throws -> Int32 {
    let people = try IdentityDataset(sources: data.sources).split(
      heldOut: data.heldOut, seed: data.seed
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
    try AtomicFile.write(
      Array((lines.joined(separator: "\n") + "\n").utf8), to: output + "/pairs.csv")
    Console.say("wrote \(people.count) pictures of \(people.people.count) people to \(output)")
    return 0
  }
}
