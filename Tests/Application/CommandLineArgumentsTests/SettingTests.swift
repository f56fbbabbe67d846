import CommandLineArguments
import Testing

/// Settings of each kind; they mean nothing.
private struct Paint: CommandSettings, Equatable {
  struct Bill: CommandSettings, Equatable {
    var path = "bill.txt"
    static let settings: [Setting<Self>] = [
      .value("--bill", "FILE", "where the bill goes", \.path, .text, isRecorded: false)
    ]

    mutating func check(_ arguments: Arguments) throws {
      if path == "nowhere" { throw UsageError.conflict("no bill") }
    }
  }

  var wall = ""
  var colours: [String] = []
  var coats = 2
  var thickness: Float = 0.1
  var norm: Norm?
  var places: [String] = []
  var isMatt = false
  var gloss = 1.0
  var bill = Bill()

  static let settings: [Setting<Self>] =
    [
      .argument("WALL", "wall to paint", \.wall, .text),
      .arguments("COLOUR", "colours to mix", \.colours, .text, arity: .any),
      .value("--coats", "N", "number of coats", \.coats, .integer(in: 1...9)),
      .required("--thickness", "MM", "thickness of a coat", \.thickness, .float(in: 0...1)),
      .optional("--norm", "NORM", "l2 or linf", \.norm, .choice),
      .repeated("--without", "PLACE", "place to leave out", \.places, .text),
      .flag("--matt", "paint without gloss", \.isMatt),
      .value("--gloss", "G", "how much", \.gloss, .number(in: 0...4), needs: "--matt"),
    ] + part(\.bill)

  mutating func check(_ arguments: Arguments) throws {
    if coats > 4 && isMatt { throw UsageError.conflict("too much") }
  }
}

@Suite struct SettingTests {
  private let command = Command(
    "paint", "paints a wall", positionals: Paint.positionals, options: Paint.options)

  private func paint(_ line: String) throws -> Paint {
    guard case .run(let arguments) = try command.parse(words(line)) else { throw NoArguments() }
    return try Paint(arguments)
  }

  @Test("what is given is read, and the rest keeps its default") func read() throws {
    let plain = try paint("wall --thickness 0.25")
    var expected = Paint()
    (expected.wall, expected.thickness) = ("wall", 0.25)
    #expect(plain == expected)
    let full = try paint(
      "wall red blue --thickness 0.5 --coats 3 --norm linf --without a --without b --matt --gloss 2.5 "
        + "--bill b.txt")
    expected.colours = ["red", "blue"]
    (expected.thickness, expected.coats, expected.norm) = (0.5, 3, .linf)
    (expected.places, expected.isMatt, expected.gloss) = (["a", "b"], true, 2.5)
    expected.bill.path = "b.txt"
    #expect(full == expected)
  }

  @Test("what is wrong by itself, together or alone is refused") func refusals() {
    #expect(throws: UsageError.self) { try paint("wall --thickness 2") }
    #expect(throws: UsageError.missingOption("--thickness", valueName: "MM")) { try paint("wall") }
    #expect(throws: UsageError.conflict("too much")) {
      try paint("wall --thickness 1 --coats 5 --matt")
    }
    // A part is checked by itself.
    #expect(throws: UsageError.conflict("no bill")) {
      try paint("wall --thickness 1 --bill nowhere")
    }
    #expect(throws: UsageError.useless("--gloss", without: "--matt")) {
      try paint("wall --thickness 1 --gloss 2")
    }
  }

  @Test("the help tells the defaults that the settings hold") func help() {
    let help = command.help(program: "p")
    for words in ["(default: 2)", "(default: 1; with --matt)", "(required)", "(default: bill.txt)"]
    {
      #expect(help.contains(words), "\(words)")
    }
  }

  @Test(
    "the words of settings make the same settings again, defaults told",
    arguments: [
      "wall --thickness 0.25",
      "wall red blue --thickness 0.5 --coats 3 --norm linf --without a --without b --matt --gloss 2.5",
    ])
  func recorded(_ line: String) throws {
    let settings = try paint(line)
    #expect(settings.words.contains("--coats"))
    #expect(settings.words.contains("--gloss") == settings.isMatt)
    #expect(!settings.words.contains("--bill"))
    #expect(try paint(settings.words.joined(separator: " ")) == settings)
  }

  @Test("the words of values are read back as the same values") func roundTrip() {
    #expect(ValueReader<Float>.float(in: 0...1).word(0.1) == "0.1")
    #expect(ValueReader<Double>.number().word(24) == "24")
    #expect(ValueReader<[Int]>.wholeNumbers(in: 1...9).word([1, 2]) == "1,2")
    #expect(ValueReader<[Double]>.numbers().word([0.5, 2]) == "0.5,2")
    #expect(ValueReader<Norm>.choice.word(.linf) == "linf")
    let shard = ValueReader<Shard>.shard
    #expect(shard.word(Shard(number: 2, count: 8)) == "2/8")
    for value: Float in [1e-7, 0.3, .pi, 1 / 3, 16_777_216] {
      let reader = ValueReader<Float>.float(in: 0...1e9)
      #expect(reader.read(reader.word(value)) == value)
    }
  }
}
