import CommandLineArguments
import Experiments
import Images

/// `facewarden morph`: the way from one face to another.
struct Morph: Subcommand, CommandSettings {
  static let command = Command(
    "morph", "writes the way from one face's attributes to another's, step by step, in one row",
    positionals: positionals, options: options)

  private var first = ""
  private var last = ""
  private var steps = 9
  private var isOfIdentity = false
  private var isOfBoth = false
  private var output = SynthesisOutput()

  static let settings: [Setting<Self>] =
    [
      .argument("A", "the picture at the beginning, whose identity stays", \.first, .text),
      .argument("B", "the picture at the end", \.last, .text),
      .value(
        "--steps", "N", "Faces in the row, both ends among them.", \.steps, .integer(in: 2...64)),
      .flag(
        "--identity", "The identity goes from A to B; the attributes stay those of A.",
        \.isOfIdentity),
      .flag("--both", "Identity and attributes go from A to B.", \.isOfBoth),
    ] + part(\.output) + [
      SynthesisOutput.beside(
        "Writes the aligned faces at both ends of the row, too."
      ).lifted(\.output)
    ]

  mutating func check(_ arguments: Arguments) throws {
    if isOfIdentity && isOfBoth {
      throw UsageError.conflict("'--identity' and '--both' exclude each other")
    }
  }

  func run() throws -> Int32 {
    let part: FaceCodes.MorphedPart = isOfBoth ? .both : isOfIdentity ? .identity : .attributes
    let faces = try output.faces([first, last])
    let networks = try output.selection().networks[0].networks
    let row = networks.faces(of: networks.codes(of: faces).morph(part, steps: steps))
    try output.write(row: output.isBeside ? [faces[0]] + row + [faces[1]] : row)
    return 0
  }
}
