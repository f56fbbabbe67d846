import CommandLineArguments
import Testing

@Suite struct CommandParsingTests {
  @Test("options and positionals in any order") func order() throws {
    let arguments = try paint("--json wall --thickness 2 red -o - --layers=3 blue")
    #expect(arguments.flag("--json"))
    #expect(try arguments.value("WALL", .text) == "wall")
    #expect(try arguments.all("COLOUR", .text) == ["red", "blue"])
    #expect(try arguments.value("--thickness", .number()) == 2)
    #expect(try arguments.value("--layers", .integer()) == 3)
    #expect(try arguments.optional("-o", .text) == "-")
  }

  @Test("absent options have their default or nothing") func absent() throws {
    let arguments = try paint("wall --thickness 2")
    #expect(!arguments.flag("--json"))
    #expect(try arguments.value("--layers", .integer()) == 1)
    #expect(!arguments.has("--layers"))
    #expect(arguments.has("--thickness"))
    #expect(try arguments.optional("--norm", .text) == nil)
    #expect(try arguments.all("COLOUR", .text) == [])
  }

  @Test("repeatable options keep their order") func repeated() throws {
    let arguments = try paint("wall --without door --thickness 1 --without=window")
    #expect(try arguments.all("--without", .text) == ["door", "window"])
  }

  @Test("two dashes end the options") func dashes() throws {
    let arguments = try paint("--thickness 1 -- --json --help -- -o")
    #expect(try arguments.value("WALL", .text) == "--json")
    #expect(try arguments.all("COLOUR", .text) == ["--help", "--", "-o"])
    #expect(!arguments.flag("--json"))
  }

  @Test("a dash and negative numbers are positional or values") func negative() throws {
    let arguments = try paint("- -3 --thickness -1.5")
    #expect(try arguments.value("WALL", .text) == "-")
    #expect(try arguments.all("COLOUR", .text) == ["-3"])
    #expect(try arguments.value("--thickness", .number()) == -1.5)
  }

  @Test("an attached value may hold anything") func attached() throws {
    let arguments = try paint("w --thickness=1 --without=--json --norm=a=b")
    #expect(try arguments.all("--without", .text) == ["--json"])
    #expect(try arguments.optional("--norm", .text) == "a=b")
    #expect(!arguments.flag("--json"))
  }

  @Test("help wins over mistakes", arguments: ["-h", "--help", "--wrong -h", "--layers --help"])
  func help(line: String) throws {
    #expect(try sample.parse(words(line)) == .help)
  }

  static let mistakes: [(line: String, message: String)] = [
    ("", "missing argument WALL"),
    ("wall", "missing option '--thickness'; expected '--thickness MM'"),
    ("wall --thicknes 1", "unknown option '--thicknes'; did you mean '--thickness'?"),
    ("wall --thick 1", "unknown option '--thick'; did you mean '--thickness'?"),
    ("wall --josn", "unknown option '--josn'; did you mean '--json'?"),
    ("wall --layer=2", "unknown option '--layer'; did you mean '--layers'?"),
    ("wall --zebra", "unknown option '--zebra'"),
    ("wall -x", "unknown option '-x'"),
    ("wall -json", "unknown option '-json'; did you mean '--json'?"),
    ("wall --hepl", "unknown option '--hepl'; did you mean '--help'?"),
    ("wall --json --json", "option '--json' is given twice; expected once"),
    ("wall --layers 1 --layers 2", "option '--layers' is given twice; expected once"),
    ("wall --layers", "option '--layers' has no value; expected '--layers N'"),
    ("wall --layers --json", "option '--layers' has no value; expected '--layers N'"),
    ("wall --layers=", "option '--layers' has no value; expected '--layers N'"),
    ("wall --layers -- 3", "option '--layers' has no value; expected '--layers N'"),
    ("wall --json=yes", "flag '--json' takes no value, but has 'yes'; expected '--json' alone"),
  ]

  @Test("a mistake is named with the expected form", arguments: mistakes)
  func mistake(line: String, message: String) {
    let error = #expect(throws: UsageError.self) { try sample.parse(words(line)) }
    #expect(error?.description == message)
  }

  @Test("surplus arguments are named") func surplus() {
    let command = Command(
      "c", "", positionals: [Positional("A", ""), Positional("B", "", arity: .optional)])
    #expect(throws: UsageError.unexpectedArgument("z")) { try command.parse(["x", "y", "z"]) }
    #expect(throws: UsageError.missingArgument("A")) { try command.parse([]) }
    #expect(throws: Never.self) { try command.parse(["x"]) }
  }

  @Test("an argument of at least one word needs one") func some() {
    let command = Command("c", "", positionals: [Positional("A", "", arity: .some)])
    #expect(throws: UsageError.missingArgument("A")) { try command.parse([]) }
    #expect(throws: Never.self) { try command.parse(["x", "y"]) }
  }
}
