import Foundation
import TestSupport
import Testing

/// `evaluate door` with the shipped models, few pairs of drawn people and few iterations.
@Suite(.enabled(if: Tool.hasModels, "needs models/ and samples/")) struct DoorCommandTests {
  /// A folder like LFW's: drawn people, two pictures each, of which the second is the first again. Those of a
  /// pair are no match; it stands there both ways, under other names.
  static func lfw() throws -> String {
    let manager = FileManager.default
    let folder = try Tool.temporaryFolder()
    let source = "\(ToolTests.samples)/whole"
    let table = try String(contentsOfFile: source + "/landmarks.csv", encoding: .utf8)
      .split(separator: "\n")
    var (landmarks, entries) = ([String(table[0])], [String]())
    for (person, sample) in [1, 8, 8, 1].enumerated() {
      let own = "person-0000\(sample)"
      let row = try #require(table.first { $0.hasPrefix("\(own)/000.jpg,") })
      try manager.createDirectory(
        atPath: "\(folder)/p\(person)", withIntermediateDirectories: true)
      for number in 1...2 {
        let name = "p\(person)/p\(person)_000\(number).jpg"
        try manager.copyItem(atPath: "\(source)/\(own)/000.jpg", toPath: "\(folder)/\(name)")
        landmarks.append(name + row.dropFirst("\(own)/000.jpg".count))
        entries.append(name)
      }
    }
    try Data((landmarks.joined(separator: "\n") + "\n").utf8).write(
      to: URL(fileURLWithPath: folder + "/landmarks.csv"))
    try Data("2\t1\np0\t1\t2\np0\t1\tp1\t1\np2\t1\t2\np2\t1\tp3\t1\n".utf8).write(
      to: URL(fileURLWithPath: folder + "/pairs.txt"))
    for (archive, names) in [("view1.tar", entries.prefix(0)), ("view2.tar", entries[...])] {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments =
        ["tar", "--format=ustar", "-cf", "\(folder)/\(archive)", "-C", folder]
        + (names.isEmpty ? ["-T", "/dev/null"] : Array(names))
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
    return folder
  }

  @Test("shards work, the report follows from the state, with charts, page and drawn examples")
  func report() throws {
    let lfw = try Self.lfw()
    defer { try? FileManager.default.removeItem(atPath: lfw) }
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let words = [
      "evaluate", "door", "--lfw", lfw, "--rows", "aligned-minimum-norm,whole-eot-both", "--quick",
      "--pairs", "2", "--untouched", "1", "--iterations", "2", "--state", folder + "/state",
    ]
    for shard in 1...2 {
      let part = try Tool.run(words + ["--shard", "\(shard)/2"])
      #expect(part.status == 0 && part.words.contains("part \(shard) of 2"), "\(part.words)")
    }
    let run = try Tool.run(words + ["--json", "-o", folder + "/out"])
    #expect(run.status == 0 && run.words.contains("left"), "\(run.words)")
    let files = try names(in: folder + "/out")
    #expect(
      files == ["by-knowledge.svg", "by-path.svg", "examples", "report.html", "report.json"])
    let page = try String(contentsOfFile: folder + "/out/report.html", encoding: .utf8)
    #expect(try WellFormed.elements(of: page)["svg"] ?? 0 > 0 && page.contains("IAPAR"))
    let pictures = try names(in: folder + "/out/examples/drawn-1")
    // Whom the door takes for the other in photographs is not attacked there, and f_C takes most drawn people so.
    #expect(pictures.contains("untouched.png") && pictures.contains("photograph.png"))
    #expect(pictures.contains { $0.hasPrefix("aligned-minimum-norm") })
    let report =
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let rows = try #require(report?["rows"] as? [[String: Any]])
    #expect(rows.count == 7 && rows.allSatisfy { $0["pairs"] as? Int == 2 })
    #expect(try Tool.run(words + ["--json"]).output == run.output)
    // Other points are another door.
    let other = try Tool.run(words + ["--fmr", "0.001"])
    #expect(other.status == 2 && other.words.contains("operating points"), "\(other.words)")
  }

  @Test("a folder without screen and face detector is judged by distance, and the report says so")
  func withoutScreen() throws {
    let lfw = try Self.lfw()
    defer { try? FileManager.default.removeItem(atPath: lfw) }
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let models = folder + "/models"
    try FileManager.default.createDirectory(atPath: models, withIntermediateDirectories: true)
    let source = TestProducts.packageRoot.path + "/models"
    let text = try Data(contentsOf: URL(fileURLWithPath: source + "/manifest.json"))
    var manifest = try #require(JSONSerialization.jsonObject(with: text) as? [String: Any])
    let entries = manifest["models"] as? [[String: Any]] ?? []
    manifest["models"] = entries.filter { $0["name"] as? String == "f_c" }
    try JSONSerialization.data(withJSONObject: manifest).write(
      to: URL(fileURLWithPath: models + "/manifest.json"))
    try FileManager.default.copyItem(
      atPath: source + "/f_c.safetensors", toPath: models + "/f_c.safetensors")
    let run = try Tool.run([
      "evaluate", "door", "--models", models, "--lfw", lfw, "--quick", "--pairs", "1",
      "--untouched", "1", "--iterations", "3", "--strength", "1", "--rows",
      "aligned-minimum-norm,aligned-eot-both,aligned-adaptive,whole-eot-both", "--state",
      folder + "/state",
    ])
    #expect(run.status == 0 && run.output.contains("no screen"), "\(run.words)")
    #expect(run.output.contains("twice-the-steps"), "\(run.output)")
    #expect(run.output.contains("Without such a form: aligned-minimum-norm, three-restarts."))
    for words in [
      "aligned-eot-both: the models have no f_v", "aligned-adaptive: the models have no screen",
      "whole-eot-both: the models have no f_v, face_detector",
    ] {
      #expect(run.output.contains(words) && run.words.contains(words), "\(words)")
    }
  }

  @Test(
    "wrong usage is told before any work",
    arguments: [
      ["--state", "x"], ["--lfw", "x"], ["--lfw", "x", "--state", "y", "--rows", "aligned-none"],
      ["--lfw", "x", "--state", "y", "--shard", "3/2"],
      ["--lfw", "x", "--state", "y", "--shard", "1/2", "-o", "z"],
      ["--lfw", "x", "--state", "y", "--shard", "1/2", "--json"],
      ["--lfw", "x", "--state", "y", "--pairs", "0"],
      ["--lfw", "x", "--state", "y", "--pairs", "2", "--strength", "3"],
    ])
  func usage(words: [String]) throws {
    #expect(try Tool.run(["evaluate", "door"] + words).status == 64)
  }
}
