import CommandLineArguments
import Testing

@Suite struct CommandTableTests {
  @Test("a command is chosen and its words are parsed") func run() throws {
    guard case .run(let command, let arguments) = try table.select(words("paint w --thickness 1"))
    else { throw NoArguments() }
    #expect(command == sample)
    #expect(try arguments.value("WALL", .text) == "w")
    guard case .run(let cat, _) = try table.select(["train", "cat"]) else { throw NoArguments() }
    #expect(cat.name == "train cat")
  }

  @Test("requests for help and version") func help() throws {
    for line in ["-h", "--help", "help"] {
      #expect(try table.select(words(line)) == .help(table.help()))
    }
    for line in ["paint -h", "paint --wrong --help", "help paint"] {
      #expect(try table.select(words(line)) == .help(sample.help(program: "house")))
    }
    for line in ["train --help", "train -h", "help train"] {
      #expect(try table.select(words(line)) == .help(table.help(group: "train")))
    }
    #expect(try table.select(["--version"]) == .version("house 1.2.3"))
  }

  static let mistakes: [(line: String, message: String)] = [
    ("", "missing command; expected one of paint, check, train"),
    ("train", "missing command after 'train'; expected one of dog, cat"),
    ("train --json", "missing command after 'train'; expected one of dog, cat"),
    ("train dgo", "unknown command 'train dgo'; did you mean 'train dog'?"),
    ("train horse", "unknown command 'train horse'; expected one of dog, cat"),
    ("pant", "unknown command 'pant'; did you mean 'paint'?"),
    ("che", "unknown command 'che'; did you mean 'check'?"),
    ("sell", "unknown command 'sell'; expected one of paint, check, train"),
    ("--versoin", "unknown option '--versoin'; did you mean '--version'?"),
    ("help sell", "unknown command 'sell'; expected one of paint, check, train"),
    ("check roof", "unexpected argument 'roof'"),
  ]

  @Test("a mistake is named with the expected form", arguments: mistakes)
  func mistake(line: String, message: String) {
    let error = #expect(throws: UsageError.self) { try table.select(words(line)) }
    #expect(error?.description == message)
  }

  @Test("the hint points at the help that fits") func hint() {
    #expect(table.hint(for: ["paint", "--x"]) == "see 'house paint --help'")
    #expect(table.hint(for: ["train", "cat", "x"]) == "see 'house train cat --help'")
    #expect(table.hint(for: ["sell"]) == "see 'house --help'")
    #expect(table.hint(for: []) == "see 'house --help'")
  }
}
