import CommandLineArguments
import Testing

@Suite struct ReferenceTests {
  @Test("the reference of a program, from its declarations") func reference() throws {
    guard case .help(let text) = try table.select(["help", "--reference"]) else {
      throw NoArguments()
    }
    #expect(text == table.reference())
    for line in [
      "# Commands of house", "## house paint", "| `WALL` | wall to paint |",
      "| `[COLOUR ...]` | colours to mix |",
      "| `--layers N` |  | `1` | number of coats, each of which needs time to dry |",
      "| `--thickness MM` |  |  | thickness of one coat, in millimetres (required) |",
      "| `--without PLACE` |  |  | place to leave out (may be repeated) |", "## house train cat",
    ] {
      #expect(text.split(separator: "\n").contains(Substring(line)), "\(line)")
    }
  }
}
