import Foundation
import TestSupport
import Testing

/// `enrol`, `identify` and `verify --template`.
@Suite(.enabled(if: Tool.hasModels, "needs models/ and samples/")) struct TemplateCommandTests {
  private func sample(_ name: String) -> String { "\(ToolTests.samples)/\(name).png" }

  @Test("enrolled people are verified and identified; keys and usage are checked")
  func templates() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(
      atPath: folder + "/g", withIntermediateDirectories: false)
    let (ada, bob) = (folder + "/g/ada.json", folder + "/g/bob.json")
    for (name, picture, path) in [
      ("Ada", "genuine-reference", ada), ("Bob", "impostor-reference", bob),
    ] {
      let run = try Tool.run(["enrol", "--aligned", name, sample(picture), "--into", path])
      #expect(run.status == 0 && run.output.isEmpty, "\(run.words)")
    }
    let verified = try Tool.run([
      "verify", "--aligned", sample("genuine-probe"), "--template", ada,
    ])
    #expect(verified.status == 0 && verified.output.hasPrefix("ACCEPT"), "\(verified.words)")
    let other = try Tool.run(["verify", "--aligned", sample("genuine-probe"), "--template", bob])
    #expect(other.status == 1 && other.output.hasPrefix("DENY"))
    let found = try Tool.run([
      "identify", "--aligned", sample("genuine-probe"), "--gallery", folder + "/g",
    ])
    #expect(found.status == 0 && found.output.contains("\nAda\n"), "\(found.words)")

    let refused = try Tool.run([
      "enrol", "--aligned", "Eve", sample("adversarial-probe"), "--into", folder + "/eve.json",
    ])
    #expect(refused.status == 1 && refused.words.contains("tampered"))
    #expect(!FileManager.default.fileExists(atPath: folder + "/eve.json"))

    let (key, sealed) = (folder + "/key", folder + "/ada.sealed")
    try Data((String(repeating: "5a", count: 32) + "\n").utf8).write(
      to: URL(fileURLWithPath: key))
    let run = try Tool.run([
      "enrol", "--aligned", "Ada", sample("genuine-reference"), "--into", sealed, "--template-key",
      key,
    ])
    #expect(run.status == 0, "\(run.words)")
    func verify(_ template: String, _ more: [String]) throws -> Tool.Run {
      try Tool.run(
        ["verify", "--aligned", sample("genuine-probe"), "--template", template] + more)
    }
    #expect(try verify(sealed, ["--template-key", key]).status == 0)
    #expect(try verify(sealed, []).status == 2)
    #expect(try verify(ada, ["--template-key", key]).status == 2)
    #expect(try verify(sealed, ["--template-key", ada]).status == 2)
  }

  @Test(
    "wrong usage is told before any file is read",
    arguments: [
      ["verify", "a"], ["verify", "a", "b", "--template", "c"],
      ["verify", "a", "b", "--template-key", "c"], ["enrol", "Ada", "--into", "x"],
      ["enrol", "", "a", "--into", "x"], ["enrol", "Ada", "a"], ["identify", "a"],
      ["enrol", "Ada"] + (0..<17).map { "\($0)" } + ["--into", "x"],
    ])
  func usage(words: [String]) throws {
    let run = try Tool.run(words)
    #expect(run.status == 64 && run.output.isEmpty, "\(words): \(run.words)")
  }
}

/// `packaging/door.sh`, as a door would call it.
@Suite(.enabled(if: Tool.hasModels, "needs models/ and samples/")) struct DoorScriptTests {
  @Test("the door opens for the person alone, and for no name that leaves the folder")
  func door() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = try Tool.run([
      "enrol", "--aligned", "Ada", "\(ToolTests.samples)/genuine-reference.png", "--into",
      folder + "/Ada.json",
    ])
    #expect(run.status == 0, "\(run.words)")
    func knock(_ name: String, _ picture: String) throws -> (status: Int32, isOpen: Bool) {
      try? FileManager.default.removeItem(atPath: folder + "/open")
      let run = try ReadmeTests.run(
        "DOOR_OPEN='touch \(folder)/open' DOOR_OPTIONS=--aligned packaging/door.sh \(folder) "
          + "'\(name)' samples/\(picture).png", port: nil)
      return (run.status, FileManager.default.fileExists(atPath: folder + "/open"))
    }
    #expect(try knock("Ada", "genuine-probe") == (0, true))
    #expect(try knock("Ada", "impostor-probe") == (1, false))
    #expect(try knock("Ada", "adversarial-probe") == (1, false))
    #expect(try knock("Bob", "genuine-probe") == (2, false))
    #expect(try knock("Ada", "none") == (2, false))
    #expect(
      try knock("../\(folder.split(separator: "/").last ?? "")/Ada", "genuine-probe") == (64, false)
    )
    #expect(try knock("", "genuine-probe") == (64, false))
  }
}
