import CommandLineArguments
import Experiments

/// `facewarden frontalize`: a face turned to the front.
struct Frontalize: Subcommand, CommandSettings {
  static let command = Command(
    "frontalize",
    "writes a face turned to the front: its identity with a frontal face's attributes",
    discussion: """
      Without '--attributes' they are the mean of the picture's own and of its mirror image's: what \
      tells left from right cancels, light and expression stay.
      """,
    positionals: positionals, options: options)

  private var picture = ""
  private var frontal: [String] = []
  private var output = SynthesisOutput()

  static let settings: [Setting<Self>] =
    [
      .argument("PICTURE", "a picture of a face", \.picture, .text),
      .repeated(
        "--attributes", "PICTURE",
        "A frontal face whose attributes are taken; of several, the mean.", \.frontal, .text),
    ] + part(\.output) + [
      SynthesisOutput.beside(
        "Writes the aligned face and the result side by side."
      ).lifted(\.output)
    ]

  func run() throws -> Int32 {
    let face = try output.faces([picture])[0]
    let models = try output.faces(frontal)
    let selection = try output.selection()
    let result = Frontalization.face(
      of: face, frontal: models, networks: selection.networks[0].networks)
    try output.write(result, madeOf: [face], identity: face, selection: selection)
    return 0
  }
}
