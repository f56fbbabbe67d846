import CommandLineArguments
import Experiments

/// `facewarden frontalize`: a face turned to the front.
struct Frontalize: Subcommand {
  static let command = Command(
    "frontalize",
    "writes a face turned to the front: its identity with a frontal face's attributes",
    discussion: """
      Without '--attributes' they are the mean of the picture's own and of its mirror image's: what \
      tells left from right cancels, light and expression stay.
      """,
    positionals: [Positional("PICTURE", "a picture of a face")],
    options: [
      .value(
        "--attributes", "PICTURE",
        "A frontal face whose attributes are taken; of several, the mean.", isRepeatable: true)
    ] + SynthesisOutput.options(beside: "Writes the aligned face and the result side by side."))

  private let picture: String
  private let frontal: [String]
  private let output: SynthesisOutput

  init(_ arguments: Arguments) throws {
    picture = try arguments.value("PICTURE", .text)
    frontal = try arguments.all("--attributes", .text)
    output = try SynthesisOutput(arguments)
  }

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
