import CommandLineArguments
import Foundation

/// A command: what it is called, how it is made of arguments, and what it does.
protocol Subcommand {
  /// The description, for help and parsing.
  static var command: Command { get }
  /// Reads and checks all arguments.
  init(_ arguments: ParsedArguments) throws
  /// Works, and returns the exit status.
  func run() throws -> Int32
}

@main
struct Facewarden {
  static let version = "0.1.0"

  static var subcommands: [any Subcommand.Type] {
    [
      Verify.self, Check.self, Reconstruct.self, AttackPair.self, TrainEmbedder.self,
      TrainIPGAN.self, TrainDetector.self, EvaluateLFW.self, EvaluateDetection.self,
      MakeAttackSet.self, ListModels.self, ExportHeldOut.self,
    ]
  }

  /// 64: the command line is wrong. 2: the question cannot be answered.
  static func main() {
    let words = Array(CommandLine.arguments.dropFirst())
    do {
      exit(try dispatch(words))
    } catch let error as UsageError {
      Console.error("\(error); see 'facewarden \(name(in: words)) --help'")
      exit(64)
    } catch {
      Console.error("\(error)")
      exit(2)
    }
  }

  private static func dispatch(_ words: [String]) throws -> Int32 {
    guard let first = words.first, first != "--help", first != "-h" else {
      print(overview, terminator: "")
      return words.isEmpty ? 64 : 0
    }
    if first == "--version" {
      print("facewarden \(version)")
      return 0
    }
    guard let (type, used) = find(words) else {
      let names = subcommands.map { $0.command.name }
      let word = words.prefix { !$0.hasPrefix("-") }.prefix(2).joined(separator: " ")
      throw UsageError.unknownCommand(word, nearest: nearest(to: word, among: names))
    }
    let arguments = try ParsedArguments(Array(words.dropFirst(used)), for: type.command)
    if arguments.wantsHelp {
      print(type.command.help(program: "facewarden"), terminator: "")
      return 0
    }
    return try type.init(arguments).run()
  }

  /// The command that the first one or two words name, and how many words that took.
  private static func find(_ words: [String]) -> (any Subcommand.Type, Int)? {
    for count in [2, 1] where words.count >= count {
      let name = words.prefix(count).joined(separator: " ")
      if let type = subcommands.first(where: { $0.command.name == name }) { return (type, count) }
    }
    return nil
  }

  private static func name(in words: [String]) -> String {
    find(words).map { $0.0.command.name } ?? ""
  }

  private static var overview: String {
    let width = subcommands.map { $0.command.name.count }.max() ?? 0
    let lines = subcommands.map {
      "  \($0.command.name.padding(toLength: width + 2, withPad: " ", startingAt: 0))"
        + $0.command.summary
    }
    return """
      usage: facewarden COMMAND [options]

      \(lines.joined(separator: "\n"))

      'facewarden COMMAND --help' tells more. Exit status: 0 accept or done, 1 deny,
      2 cannot decide or failed, 64 wrong usage.

      """
  }
}
