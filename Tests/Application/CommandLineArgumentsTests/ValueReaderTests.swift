import CommandLineArguments
import Testing

@Suite struct ValueReaderTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let read: @Sendable (String) throws -> Void
    let right: [String]
    let wrong: [String]
    let expected: String
  }

  /// A reader applied to the option `--norm` of the sample command.
  static func reading<Value>(
    _ description: String, _ reader: ValueReader<Value>, right: [String], wrong: [String],
    expected: String
  ) -> Case {
    Case(
      testDescription: description,
      read: { _ = try paint("w --thickness 1 --norm=\($0)").optional("--norm", reader) },
      right: right, wrong: wrong, expected: expected)
  }

  static let cases = [
    reading(
      "integer", .integer(), right: ["0", "-7", "12"], wrong: ["1.0", "x", "1e3", "0x1", "--1"],
      expected: "a whole number"),
    reading(
      "bounded integer", .integer(in: 1...9), right: ["1", "9"], wrong: ["0", "10"],
      expected: "a whole number from 1 to 9"),
    reading(
      "integer with a lower bound", .integer(in: 1 ... .max), right: ["1"], wrong: ["0"],
      expected: "a whole number of at least 1"),
    reading(
      "unsigned integer", .unsignedInteger, right: ["18446744073709551615"],
      wrong: ["-1", "18446744073709551616"], expected: "a whole number of at least 0"),
    reading(
      "number", .number(), right: ["1", "-2.5e-3", ".5"],
      wrong: ["nan", "inf", "1,5", "1e999", "x"], expected: "a number"),
    reading(
      "bounded number", .number(in: 0...4), right: ["0", "4", "1.07"], wrong: ["-0.1", "4.01"],
      expected: "a number from 0 to 4"),
    reading(
      "number with an upper bound", .number(in: -.infinity...0.5), right: ["0.5", "-9"],
      wrong: ["0.6"], expected: "a number of at most 0.5"),
    reading(
      "numbers", .numbers(in: 0...4), right: ["0.4", "0.4,0.6,1"],
      wrong: [",", "1,", "1,,2", "1;2", "5"], expected: "numbers from 0 to 4 separated by commas"),
    reading(
      "choice", ValueReader<Norm>.choice, right: ["l2", "linf"], wrong: ["L2", "l1"],
      expected: "one of l2, linf"),
    reading(
      "shard", .shard, right: ["1/1", "2/8", "8/8"],
      wrong: ["0/8", "9/8", "1", "1/2/3", "a/b", "/"],
      expected: "i/n with 1 <= i <= n, for example 2/8"),
  ]

  @Test("words of the expected form are read, others are named", arguments: cases)
  func table(_ testCase: Case) {
    for word in testCase.right {
      #expect(throws: Never.self, "\(word)") { try testCase.read(word) }
    }
    for word in testCase.wrong {
      #expect(
        throws: UsageError.invalidValue(
          name: "option '--norm'", value: word, expected: testCase.expected)
      ) { try testCase.read(word) }
    }
  }

  @Test("values are what was written") func values() throws {
    let arguments = try paint(
      "w 3 --thickness 1.5 --scaffold-of-the-painter 1,2.5 --shard 2/3 --norm linf")
    #expect(try arguments.value("--thickness", .number()) == 1.5)
    #expect(try arguments.optional("--scaffold-of-the-painter", .numbers()) == [1, 2.5])
    #expect(try arguments.optional("--norm", ValueReader<Norm>.choice) == .linf)
    #expect(try arguments.optional("--shard", .shard) == Shard(number: 2, count: 3))
    #expect(try arguments.all("COLOUR", .integer()) == [3])
  }

  @Test("messages say whose value is wrong") func message() throws {
    let arguments = try paint("w red --thickness thin")
    #expect(
      #expect(throws: UsageError.self) { try arguments.value("--thickness", .number()) }?
        .description == "option '--thickness' has value 'thin'; expected a number")
    #expect(
      #expect(throws: UsageError.self) { try arguments.all("COLOUR", .integer()) }?
        .description == "argument COLOUR has value 'red'; expected a whole number")
  }

  @Test("parts are disjoint and together everything", arguments: 1...7)
  func shards(count: Int) {
    for place in 0..<30 {
      let owners = (1...count).filter { Shard(number: $0, count: count).contains(place) }
      #expect(owners.count == 1)
    }
  }
}
