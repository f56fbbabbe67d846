import CommandLineArguments
import Experiments
import Files
import Foundation
import Reports

/// Where an experiment's results go: words or JSON on standard output, and a folder.
struct ExperimentOutput: CommandSettings {
  /// The folder, if one is to be written.
  private(set) var folder: String?
  private var isJSON = false
  private var command = ""

  static let settings: [Setting<Self>] = [
    .optional(
      "-o", "DIR",
      "Writes report.json, report.html (self-contained, without pictures) and charts as SVG.",
      \.folder, .text),
    .flag("--json", "Prints the figures as one JSON object.", \.isJSON),
  ]

  mutating func check(_ arguments: Arguments) throws {
    command = Invocation.text(of: arguments.words)
  }

  /// Makes the folder, so that a wrong one is told before the work.
  func prepare() throws {
    if let folder { try OutputFolder.make(folder) }
  }

  /// Shows where an experiment stands: each step on a terminal, else what is done with.
  static func progress(_ work: String, _ done: Int, _ total: Int) {
    if done == total || isatty(STDERR_FILENO) == 1 {
      Console.progress("\(work): \(done) of \(total)")
      if done == total { Console.endProgress() }
    }
  }

  /// Writes and prints a report; `facts` tell what was measured how.
  func write(_ report: some ExperimentReport, facts: [(name: String, text: String)]) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let json = String(decoding: try encoder.encode(report), as: UTF8.self)
    if let folder {
      let page = report.page(
        facts: facts + [
          ("command", command), ("program", "facewarden \(Facewarden.version)"),
        ])
      let files =
        [("report.json", json + "\n"), ("report.html", page.html)]
        + report.charts.map { ($0.name + ".svg", $0.svg) }
      for (name, text) in files { try AtomicFile.write(Array(text.utf8), to: "\(folder)/\(name)") }
      Console.say("wrote \(files.map(\.0).joined(separator: ", ")) to \(folder)")
    }
    try Output.line(isJSON ? json : report.text)
  }
}
