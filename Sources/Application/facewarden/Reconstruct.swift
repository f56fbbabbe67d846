import CommandLineArguments
import Experiments
import Images
import Screening

/// `facewarden reconstruct`: what the network believes it sees.
struct Reconstruct: Subcommand {
  static let command = Command(
    "reconstruct", "writes x̂ = G(f_I(x), f_A(x)): the face as the network understands it",
    positionals: [Positional("PICTURE", "a picture of a face")],
    options: SynthesisOutput.options(
      beside: "Writes the aligned face and its reconstruction side by side.") + [
        .flag(
          "--disagreement",
          "Adds the face in grey, red where the texture of both disagrees: χ² of their local binary "
            + "patterns in 8×8 cells.")
      ])

  private let path: String
  private let showsDisagreement: Bool
  private let output: SynthesisOutput

  init(_ arguments: Arguments) throws {
    path = try arguments.value("PICTURE", .text)
    showsDisagreement = arguments.flag("--disagreement")
    output = try SynthesisOutput(arguments)
  }

  func run() throws -> Int32 {
    let face = try output.faces([path])[0]
    let selection = try output.selection()
    let networks = selection.networks[0].networks
    let made = networks.faces(of: networks.codes(of: [face]))[0]
    let map = showsDisagreement ? [DisagreementMap(face, reconstruction: made).picture] : []
    try output.write(
      made, madeOf: [face], followedBy: map, identity: face, selection: selection)
    return 0
  }
}
