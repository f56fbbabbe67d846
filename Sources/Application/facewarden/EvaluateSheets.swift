import CommandLineArguments
import Experiments
import Images

/// `facewarden evaluate sheets`: the paper's figures of faces.
struct EvaluateSheets: Subcommand, CommandSettings {
  static let command = Command(
    "evaluate sheets", "writes contact sheets of recombined faces (Figures 3 and 5 to 8) as PNG",
    discussion: """
      For each group of people (in training, held out, of LFW): identities against attributes, faces \
      turned to the front, morphs, and with several '--ipgan' the models below one another. The sheets \
      show real people where the data do: keep them as private as those.
      """,
    options: options)

  private var networks = IPGANSelection.Several()
  private var selection = FaceSelection()
  private var rows = 6
  private var columns = 8
  private var seed: UInt64 = 1
  private var folder = ""

  static let settings: [Setting<Self>] =
    part(\.networks) + part(\.selection) + [
      .value("--rows", "N", "Faces down a sheet.", \.rows, .integer(in: 1...32)),
      .value("--columns", "N", "Faces across a sheet.", \.columns, .integer(in: 2...32)),
      .value("--seed", "N", "Which faces.", \.seed, .unsignedInteger),
      .required("-o", "DIR", "The folder to write.", \.folder, .text),
    ]

  mutating func check(_ arguments: Arguments) throws {
    try selection.use(.all)
  }

  func run() throws -> Int32 {
    let models = try networks.load(withWitness: false)
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
