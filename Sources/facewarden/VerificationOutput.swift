import Checkpoints
import CommandLineArguments
import Experiments
import Foundation
import Reports

/// Where a verification's results go: words or JSON on standard output, and a folder.
struct VerificationOutput {
  static let options: [CommandOption] = [
    .value(
      "-o", "DIR",
      "Writes report.json, report.html (self-contained, without pictures) and the charts as SVG."),
    .flag("--json", "Prints the figures as one JSON object."),
  ]

  private let folder: String?
  private let isJSON: Bool

  init(_ arguments: Arguments) {
    (folder, isJSON) = (arguments.text("-o"), arguments.flag("--json"))
  }

  /// Makes the folder, so that a wrong one is told before the work.
  func prepare() throws {
    if let folder { try OutputFolder.make(folder) }
  }

  func write(_ report: VerificationReport, model: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let json = String(decoding: try encoder.encode(report), as: UTF8.self)
    if let folder {
      let page = report.page(facts: [
        ("model", model), ("command", Invocation.text),
        ("program", "facewarden \(Facewarden.version)"),
      ])
      let files = [
        ("report.json", json + "\n"), ("report.html", page.html),
        ("roc.svg", report.rocChart.svg), ("det.svg", report.detChart.svg),
        ("distances.svg", report.distanceChart.svg),
      ]
      for (name, text) in files { try AtomicFile.write(Array(text.utf8), to: "\(folder)/\(name)") }
      Console.say("wrote \(files.map(\.0).joined(separator: ", ")) to \(folder)")
    }
    print(isJSON ? json : report.text)
  }
}
