import CommandLineArguments

enum Norm: String, CaseIterable, Sendable { case l2, linf }

/// A command with one declaration of each kind; it means nothing.
let sample = Command(
  "paint", "paints a wall",
  discussion: """
    The wall is painted from left to right, one coat for each layer that is asked for, and left
    to dry in between.

      paint --layers 2 wall.txt
    """,
  positionals: [
    Positional("WALL", "wall to paint"), Positional("COLOUR", "colours to mix", arity: .any),
  ],
  options: [
    .value("--layers", "N", "number of coats, each of which needs time to dry", default: "1"),
    .value("--thickness", "MM", "thickness of one coat, in millimetres", isRequired: true),
    .value("--norm", "NORM", "l2 or linf"),
    .value("--scaffold-of-the-painter", "LENGTHS", "lengths of the poles"),
    .value("--shard", "i/n", "part of the wall"),
    .value("--without", "PLACE", "place to leave out", isRepeatable: true),
    .flag("--json", "print JSON"),
    .value("-o", "FILE", "where to write the bill"),
  ])

let table = CommandTable(
  program: "house", summary: "looks after a house", version: "1.2.3",
  commands: [
    sample,
    Command("check", "checks the roof"),
    Command("train dog", "teaches the dog"),
    Command("train cat", "tries to teach the cat"),
  ])

/// The words of a command line, separated by single spaces.
func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }

/// The arguments of `paint` in this line.
func paint(_ line: String) throws -> Arguments {
  guard case .run(let arguments) = try sample.parse(words(line)) else { throw NoArguments() }
  return arguments
}

struct NoArguments: Error {}
