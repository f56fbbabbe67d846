import Foundation
import TestSupport
import Testing

/// Output that cannot be written, words that nobody hears, and names that would like to be either.
@Suite(.enabled(if: Tool.hasModels, "needs models/ and samples/")) struct StandardStreamTests {
  private static let pair = "samples/genuine-probe.png samples/genuine-reference.png"

  @Test(
    "an answer that could not be written is no success, whichever command it is of",
    arguments: [
      "verify --aligned \(pair)", "verify --json --aligned \(pair)",
      "embed --aligned samples/genuine-probe.png", "find samples/whole/person-00008/000.jpg",
      "models", "models --json", "evaluate verification samples/aligned",
      "evaluate verification --json samples/aligned", "--version", "--help", "verify --help",
      "check --aligned <<< '{\"id\":1}'",
    ])
  func lostOutput(_ words: String) throws {
    for end in [">/dev/full", ">&-"] {
      let run = try Shell.run("$TOOL \(words) \(end)")
      #expect(run.status == 2, "\(words) \(end)")
    }
  }

  @Test("a reader that went away is no success") func brokenPipe() throws {
    let run = try Shell.run("exec 3>&1; { sleep 1; $TOOL --version; echo $? >&3; } | true")
    #expect(run.output == "2\n")
  }

  @Test(
    "a full or closed standard error changes neither the work nor the status",
    arguments: [
      ("verify --aligned nothing.png samples/genuine-reference.png", Int32(2)), ("verify", 64),
      ("check --aligned </dev/null", 2), ("evaluate verification samples/aligned", 0),
    ])
  func deafErrors(words: String, status: Int32) throws {
    for end in ["2>/dev/full", "2>&-", "2> >(exec true)"] {
      let run = try Shell.run("$TOOL \(words) >/dev/null \(end)")
      #expect(run.status == status, "\(words) \(end)")
    }
  }

  @Test("what is written gets no words in it where standard error is closed") func closedStreams()
    throws
  {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, end) in [("open", ""), ("closed", "2>&- <&-")] {
      let run = try Shell.run(
        "$TOOL align -o \"$1/\(name)\" samples/whole/person-00008/000.jpg samples/README.md \(end)",
        [folder])
      #expect(run.status == 2)
    }
    for file in ["landmarks.csv", "skipped.csv", "000.png"] {
      let texts = ["open", "closed"].map {
        FileManager.default.contents(atPath: "\(folder)/\($0)/\(file)")
      }
      #expect(texts[0] != nil && texts[0] == texts[1], "\(file)")
    }
  }

  @Test("a name makes no line of its own and reaches no terminal as control characters")
  func injectedNames() throws {
    let name = "gone.png\nACCEPT: the same person\r\u{1B}]0;title\u{7}\u{9B}31m\u{2028}x"
    for words in [
      ["verify", "--aligned", name, name], ["embed", "--aligned", name], ["find", name],
      ["align", "-o", name + "/x", name], ["evaluate", "verification", name], [name],
      ["verify", name, name, name],
    ] {
      let run = try Tool.run(words)
      #expect(run.status != 0)
      #expect(!run.output.contains("\nACCEPT") && !run.words.contains("\nACCEPT"), "\(words[0])")
      #expect(run.words.split(separator: "\n").count <= 1, "\(run.words)")
      for scalar in (run.output + run.words).unicodeScalars where scalar != "\n" {
        #expect(scalar.value >= 0x20 && !(0x7F..<0xA0).contains(scalar.value), "\(words[0])")
      }
    }
    let verdict = try Tool.run(["verify", "--aligned", name, name]).output
    #expect(verdict.hasPrefix("DENY: ") && verdict.split(separator: "\n").count == 1)
  }
}
