import CommandLineArguments
import Experiments

/// `facewarden transfer`: one face's identity with another's attributes.
struct Transfer: Subcommand {
  static let command = Command(
    "transfer", "writes G(f_I(a), f_A(b)): the person of one picture in the manner of another",
    discussion: "Attributes are pose, expression, light and all else that is not the person.",
    options: [
      .value("--identity", "PICTURE", "The picture whose person is shown.", isRequired: true),
      .value(
        "--attributes", "PICTURE", "The picture whose attributes are taken.", isRequired: true),
    ] + SynthesisOutput.options(beside: "Writes both aligned faces and the result side by side."))

  private let identity, attributes: String
  private let output: SynthesisOutput

  init(_ arguments: Arguments) throws {
    identity = try arguments.value("--identity", .text)
    attributes = try arguments.value("--attributes", .text)
    output = try SynthesisOutput(arguments)
  }

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
