import CommandLineArguments
import Experiments
import Images

/// `facewarden morph`: the way from one face to another.
struct Morph: Subcommand {
  static let command = Command(
    "morph", "writes the way from one face's attributes to another's, step by step, in one row",
    positionals: [
      Positional("A", "the picture at the beginning, whose identity stays"),
      Positional("B", "the picture at the end"),
    ],
    options: [
      .value("--steps", "N", "Faces in the row, both ends among them; 9 if not given."),
      .flag("--identity", "The identity goes from A to B; the attributes stay those of A."),
      .flag("--both", "Identity and attributes go from A to B."),
    ] + SynthesisOutput.options(beside: "Writes the aligned faces at both ends of the row, too."))

  private let arguments: Arguments
  private let steps: Int
  private let part: FaceCodes.MorphedPart
  private let output: SynthesisOutput

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    steps = try arguments.optional("--steps", .integer(in: 2...64)) ?? 9
    if arguments.flag("--identity") && arguments.flag("--both") {
      throw UsageError.conflict("'--identity' and '--both' exclude each other")
    }
    part =
      arguments.flag("--both") ? .both : arguments.flag("--identity") ? .identity : .attributes
    output = try SynthesisOutput(arguments)
  }

  func run() throws -> Int32 {
    let faces = try output.faces([
      arguments.value("A", .text), arguments.value("B", .text),
    ])
    let networks = try output.selection().networks[0].networks
    let row = networks.faces(of: networks.codes(of: faces).morph(part, steps: steps))
    try output.write(row: arguments.flag("--beside") ? [faces[0]] + row + [faces[1]] : row)
    return 0
  }
}
