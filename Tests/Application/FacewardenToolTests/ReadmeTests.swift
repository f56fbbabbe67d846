import Foundation
import TestSupport
import Testing

/// What the READMEs say that commands print, held against what they print.
@Suite(.serialized) struct ReadmeTests {
  static let pages = ["README.md", "samples/README.md"]

  /// A command after `$`, and the lines below it.
  struct Example: CustomTestStringConvertible, Sendable {
    var command: String
    var output: [String] = []
    var testDescription: String { String(command.prefix(90)) }
  }

  /// The blocks between fences, as lines.
  static func blocks(_ page: String) -> [[Substring]] {
    let path = TestProducts.packageRoot.path + "/" + page
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let parts = text.split(
      separator: #/(?m)^```.*$/#, omittingEmptySubsequences: false)
    return stride(from: 1, to: parts.count, by: 2).map { parts[$0].split(separator: "\n") }
  }

  static let examples = pages.flatMap(blocks).flatMap { lines -> [Example] in
    var found: [Example] = []
    for line in lines {
      if line.hasPrefix("$ ") {
        found.append(Example(command: String(line.dropFirst(2))))
      } else if let last = found.last {
        if last.command.hasSuffix("\\") {
          found[found.count - 1].command += "\n\(line)"
        } else {
          found[found.count - 1].output.append(String(line))
        }
      }
    }
    return found
  }

  /// Runs a command as a shell in the package's root would; the port stands for the README's.
  ///
  /// A tool that crashes says where: that is in `words`, which is standard error.
  static func run(_ command: String, port: Int?) throws -> Tool.Run {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let errors = URL(fileURLWithPath: folder + "/err")
    try Data().write(to: errors)
    let (shell, pipe) = (Process(), Pipe())
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.currentDirectoryURL = TestProducts.packageRoot
    let address = port.map { "127.0.0.1:\($0)" } ?? ""
    shell.arguments = ["-c", command.replacing("localhost:8080", with: address)]
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    shell.environment = ProcessInfo.processInfo.environment.merging(
      ["PATH": "\(TestProducts.folder.path):\(path)", "SWIFT_BACKTRACE": "enable=yes"]) { $1 }
    shell.standardOutput = pipe
    shell.standardError = try FileHandle(forWritingTo: errors)
    try shell.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    shell.waitUntilExit()
    return Tool.Run(
      status: shell.terminationStatus, output: String(decoding: data, as: UTF8.self),
      words: try String(contentsOf: errors, encoding: .utf8))
  }

  /// Whether two texts agree: decimals within 0.002 (processors round differently), the rest exactly.
  static func agree(_ expected: String, _ found: String) -> Bool {
    let decimal = #/-?\d+\.\d+(e-?\d+)?/#
    let words = [expected, found].map {
      $0.replacing(#/"request_id":"[^"]*"/#, with: #""request_id":"…""#)
    }
    let numbers = words.map { $0.matches(of: decimal).compactMap { Double($0.output.0) } }
    let rest = words.map { $0.replacing(decimal, with: "#") }
    return rest[0] == rest[1] && numbers[0].count == numbers[1].count
      && zip(numbers[0], numbers[1]).allSatisfy { abs($0 - $1) <= 0.002 }
  }

  @Test(
    "commands on the samples print what the READMEs say",
    .enabled(if: Tool.hasModels, "needs models/ and samples/"), arguments: examples)
  func prints(_ example: Example) throws {
    let needsService = example.command.contains("localhost:8080")
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let service = needsService ? try RunningService([], log: folder + "/log") : nil
    let run = try Self.run(example.command, port: service?.port)
    var found = run.output.split(separator: "\n").map(String.init)
    if example.output.last?.hasPrefix("exit status ") == true {
      found.append("exit status \(run.status)")
    }
    #expect(!example.output.isEmpty)
    #expect(
      Self.agree(example.output.joined(separator: "\n"), found.joined(separator: "\n")),
      "printed: \(found.joined(separator: "\n"))\n\(run.words)")
    if let service { #expect(service.end(SIGTERM) == 0) }
  }

  @Test("the examples are found") func found() {
    #expect(Self.examples.count { $0.command.hasPrefix("facewarden verify") } >= 3)
    #expect(Self.examples.contains { $0.command.contains("facewarden check") })
    #expect(Self.agree("a 0.203, b", "a 0.2031, b") && !Self.agree("a 0.203, b", "a 0.213, b"))
    #expect(!Self.agree("a 1", "a 2") && !Self.agree("0.1 0.2", "0.1"))
  }

  @Test("commands and options that the READMEs name are known", arguments: pages)
  func options(_ page: String) throws {
    let commands = Self.blocks(page).flatMap { $0 }.compactMap { line -> [String]? in
      let words = (line.split(separator: "#").first ?? "").split(separator: " ").map(String.init)
      // Python's lines name the package.
      guard words.first != "from", let start = words.firstIndex(of: "facewarden") else {
        return nil
      }
      return Array(words[(start + 1)...].prefix { !["|", ">>door.log", "&"].contains($0) })
    }
    #expect(!commands.isEmpty)
    var help: [[String]: [Substring]] = [:]
    for words in commands {
      let isGroup = ["train", "evaluate", "data"].contains(words.first)
      let subcommand = Array(words.prefix(isGroup ? 2 : 1))
      if help[subcommand] == nil {
        let run = try Tool.run(subcommand + ["--help"])
        #expect(run.status == 0, "\(subcommand): \(run.words)")
        help[subcommand] = run.output.split { " \n[],".contains($0) }
      }
      for option in words where option.hasPrefix("-") {
        #expect(help[subcommand]?.contains(Substring(option)) == true, "\(words)")
      }
    }
  }

  @Test("each test that the table of faults names is there") func faults() throws {
    let root = TestProducts.packageRoot
    let table = try String(contentsOf: root.appending(path: "docs/faults.md"), encoding: .utf8)
    let named = table.split(separator: "\n").compactMap { row -> String? in
      guard let match = row.firstMatch(of: #/\| `([^`|]+)` \|$/#) else { return nil }
      return String(match.1)
    }
    #expect(named.count > 30)
    let sources = FileManager.default.enumerator(atPath: root.path + "/Tests")
    let tests = try (sources?.allObjects as? [String] ?? [])
      .filter { $0.hasSuffix("Tests.swift") && !$0.hasSuffix("/ReadmeTests.swift") }
      .map { try String(contentsOfFile: "\(root.path)/Tests/\($0)", encoding: .utf8) }
      .joined(separator: "\n")
    for name in named { #expect(tests.contains("\"\(name)\""), "\(name)") }
  }
}
