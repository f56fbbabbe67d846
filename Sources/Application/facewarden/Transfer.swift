import CommandLineArguments
import Experiments

/// `facewarden transfer`: one face's identity with another's attributes.
struct Transfer: Subcommand, CommandSettings {
  static let command = Command(
    "transfer", "writes G(f_I(a), f_A(b)): the person of one picture in the manner of another",
    discussion: "Attributes are pose, expression, light and all else that is not the person.",
    options: options)

  private var identity = ""
  private var attributes = ""
  private var output = SynthesisOutput()

  static let settings: [Setting<Self>] =
    [
      .required("--identity", "PICTURE", "The picture whose person is shown.", \.identity, .text),
      .required(
        "--attributes", "PICTURE", "The picture whose attributes are taken.", \.attributes, .text),
    ] + part(\.output) + [
      SynthesisOutput.beside(
        "Writes both aligned faces and the result side by side."
      ).lifted(\.output)
    ]

  func run() throws -> Int32 {
    let faces = try output.faces([identity, attributes])
    let selection = try output.selection()
    let networks = selection.networks[0].networks
    let codes = networks.codes(of: faces)
    let made = networks.faces(of: codes.entries([0]).with(attributesOf: codes.entries([1])))
    try output.write(made[0], madeOf: faces, identity: faces[0], selection: selection)
    return 0
  }
}
