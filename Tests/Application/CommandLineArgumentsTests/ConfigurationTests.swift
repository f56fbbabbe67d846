import CommandLineArguments
import Testing

@Suite struct ConfigurationTests {
  private let command = sample.configurable

  private func paint(
    _ line: String, _ members: [(name: String, value: Configuration.Value)]
  ) throws -> Arguments {
    let parsed = try command.parse(words(line)) { path in
      Configuration(source: path, members: members)
    }
    guard case .run(let arguments) = parsed else { throw NoArguments() }
    return arguments
  }

  @Test("a file gives what the words do not, required options too") func merged() throws {
    let arguments = try paint(
      "--config f wall --layers 4",
      [
        ("layers", .words(["9"])), ("thickness", .words(["1.5"])), ("json", .flag(true)),
        ("without", .words(["a", "b"])),
      ])
    #expect(try arguments.value("--layers", .integer()) == 4)
    #expect(try arguments.value("--thickness", .number()) == 1.5)
    #expect(try arguments.all("--without", .text) == ["a", "b"])
    #expect(arguments.flag("--json"))
    #expect(
      arguments.words == [
        "paint", "--thickness=1.5", "--json", "--without=a", "--without=b", "wall", "--layers", "4",
      ])
  }

  @Test("repeated options of the words replace the file's; a flag may be told off") func replaced()
    throws
  {
    let arguments = try paint(
      "--thickness 1 wall --without c --config=f",
      [("without", .words(["a"])), ("json", .flag(false))])
    #expect(try arguments.all("--without", .text) == ["c"])
    #expect(!arguments.flag("--json"))
    #expect(arguments.words == ["paint", "--thickness", "1", "wall", "--without", "c"])
  }

  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let value: Configuration.Value
    let error: UsageError
    var testDescription: String { "\(error)" }
  }

  @Test(
    "what names no option, or does not fit it, is refused",
    arguments: [
      Case(
        name: "layer", value: .words(["1"]),
        error: .unknownMember("layer", source: "f", nearest: "--layers")),
      Case(
        name: "config", value: .words(["g"]),
        error: .unknownMember("config", source: "f", nearest: nil)),
      Case(
        name: "--layers", value: .words(["1"]),
        error: .unknownMember("--layers", source: "f", nearest: "--layers")),
      Case(
        name: "layers", value: .flag(true), error: .missingValue(option: "--layers", valueName: "N")
      ),
      Case(
        name: "json", value: .words(["1"]), error: .unexpectedValue(flag: "--json", value: "1")),
      Case(
        name: "layers", value: .words(["1", "2"]),
        error: .conflict("'layers' in 'f' has 2 values; expected one")),
      Case(
        name: "norm", value: .words([""]), error: .missingValue(option: "--norm", valueName: "NORM")
      ),
    ])
  func refusals(_ sample: Case) {
    #expect(throws: sample.error) {
      try paint("--config f wall --thickness 1", [(sample.name, sample.value)])
    }
  }

  @Test("a program without configurations refuses the option") func none() {
    #expect(throws: UsageError.unknownOption("--config", nearest: nil)) {
      try sample.parse(["--config", "f"])
    }
    #expect(throws: UsageError.self) { try command.parse(["--config", "f", "wall"]) }
  }
}
