import CommandLineArguments
import Testing

@Suite struct HelpTests {
  @Test("the help of a command") func command() {
    #expect(
      sample.help(program: "house") == """
        usage: house paint [--layers N] --thickness MM [--norm NORM]
                [--scaffold-of-the-painter LENGTHS] [--shard i/n] [--without PLACE] ...
                [--json] [-o FILE] WALL [COLOUR ...]

        Paints a wall.

        The wall is painted from left to right, one coat for each layer that is asked
        for, and left to dry in between.

          paint --layers 2 wall.txt

        arguments:
          WALL                    wall to paint
          COLOUR                  colours to mix

        options:
          --layers N              number of coats, each of which needs time to dry
                                  (default: 1)
          --thickness MM          thickness of one coat, in millimetres (required)
          --norm NORM             l2 or linf
          --scaffold-of-the-painter LENGTHS
                                  lengths of the poles
          --shard i/n             part of the wall
          --without PLACE         place to leave out
          --json                  print JSON
          -o FILE                 where to write the bill
          -h, --help              show this help

        """)
  }

  @Test("the help of the program") func program() {
    #expect(
      table.help() == """
        usage: house COMMAND ...

        Looks after a house.

        commands:
          paint                   paints a wall
          check                   checks the roof
          train dog               teaches the dog
          train cat               tries to teach the cat

        options:
          -h, --help              show this help, or that of a command
          --version               show the version

        """)
  }

  @Test("the help of a group") func group() {
    #expect(
      table.help(group: "train") == """
        usage: house train COMMAND ...

        commands:
          train dog               teaches the dog
          train cat               tries to teach the cat

        options:
          -h, --help              show this help, or that of a command

        """)
  }

  @Test("no line is longer than 80 columns") func width() {
    let long = Command(
      "long", String(repeating: "does much ", count: 30),
      positionals: [Positional("A", String(repeating: "word ", count: 60))],
      options: (10..<40).map { .value("--option-\($0)", "VALUE", "help") })
    for line in long.help(program: "p").split(separator: "\n") { #expect(line.count <= 80) }
  }
}
