import CommandLineArguments
import Experiments
import Images

/// `facewarden evaluate sheets`: the paper's figures of faces.
struct EvaluateSheets: Subcommand {
  static let command = Command(
    "evaluate sheets", "writes contact sheets of recombined faces (Figures 3 and 5 to 8) as PNG",
    discussion: """
      For each group of people (in training, held out, of LFW): identities against attributes, faces \
      turned to the front, morphs, and with several '--ipgan' the models below one another. The sheets \
      show real people where the data do: keep them as private as those.
      """,
    options: IPGANSelection.several + FaceSelection.options + [
      .value("--rows", "N", "Faces down a sheet; 6 if not given."),
      .value("--columns", "N", "Faces across a sheet; 8 if not given."),
      .value("--seed", "N", "Which faces; 1 if not given."),
      .value("-o", "DIR", "The folder to write.", isRequired: true),
    ])

  private let arguments: Arguments
  private let selection: FaceSelection
  private let rows, columns: Int
  private let seed: UInt64
  private let folder: String

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    try IPGANSelection.check(arguments)
    selection = try FaceSelection(arguments)
    rows = try arguments.optional("--rows", .integer(in: 1...32)) ?? 6
    columns = try arguments.optional("--columns", .integer(in: 2...32)) ?? 8
    seed = try arguments.optional("--seed", .unsignedInteger) ?? 1
    folder = try arguments.value("-o", .text)
  }

  func run() throws -> Int32 {
    let models = try IPGANSelection(arguments, withWitness: false)
    try OutputFolder.make(folder)
    let first = models.networks[0].networks
    for group in try selection.groups() {
      let sheets = SynthesisSheets(group, seed: seed)
      var made = [
        ("recombined", try sheets.transformations(first, rows: rows, columns: columns)),
        ("frontal", try sheets.frontalizations(first, columns: columns)),
        ("morphs", try sheets.morphs(first, rows: rows, steps: columns)),
      ]
      if models.networks.count > 1 {
        made.append(("models", try sheets.comparison(models.networks, columns: columns)))
      }
      let prefix = group.group.lowercased().split(separator: " ").joined(separator: "-")
      for (name, sheet) in made {
        let path = "\(folder)/\(prefix)-\(name).png"
        try sheet.writePNG(to: path)
        Console.say("wrote \(path)")
      }
    }
    return 0
  }
}
