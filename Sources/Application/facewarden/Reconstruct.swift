import CommandLineArguments
import Experiments
import Presentation
import Screening
import UseCases

/// `facewarden reconstruct`: what the network believes it sees.
struct Reconstruct: Subcommand, CommandSettings {
  static let command = Command(
    "reconstruct", "writes x̂ = G(f_I(x), f_A(x)): the face as the network understands it",
    positionals: positionals, options: options)

  private var path = ""
  private var showsDisagreement = false
  private var json = false
  private var output = SynthesisOutput()

  static let settings: [Setting<Self>] =
    [
      .argument("PICTURE", "a picture of a face", \.path, .text)
    ] + part(\.output) + [
      SynthesisOutput.beside(
        "Writes the aligned face and its reconstruction side by side."
      ).lifted(\.output),
      .flag(
        "--disagreement",
        "Adds the face in grey, red where the texture of both disagrees: χ² of their local binary "
          + "patterns in 8×8 cells.", \.showsDisagreement),
      .flag("--json", "Prints what was read and made as one JSON object.", \.json),
    ]

  func run() throws -> Int32 {
    let selection: IPGANSelection
    let answer: MadePicture
    do {
      let reader = try output.reader()
      selection = try output.selection()
      answer = try ReconstructFace(selection.networks[0].networks, reader: reader)(
        PictureRequest(path: path))
    } catch let error as UsageError {
      throw error
    } catch {
      let problem = Problem(error).told
      Console.error(problem.detail)
      if json { try Output.line(MadePicture.undecided(problem).line()) }
      return problem.exit
    }
    guard let (made, face) = answer.both else { return 2 }
    let map = showsDisagreement ? [DisagreementMap(face, reconstruction: made).picture] : []
    try output.write(
      made, madeOf: [face], followedBy: map, identity: face, selection: selection)
    if json { try Output.line(answer.line()) }
    return answer.exitCode
  }
}
