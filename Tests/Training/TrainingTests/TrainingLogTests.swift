import Checkpoints
import Foundation
import TestSupport
import Testing
import Training

/// A training whose measurements are made up from the step.
private struct Counting: ResumableTraining {
  var steps = 0
  var picturesPerStep: Int { 1 }
  func checkpoint() throws -> SafeTensorsFile {
    SafeTensorsFile(
      arrays: [], integers: [NamedIntegers(name: "steps", [UInt64(steps)])],
      metadata: ["kind": "counting"])
  }

  /// Runs to the end or for at most `limit` steps, as a process that is asked to stop.
  static func run(_ folder: String, total: Int, from start: Int, limit: Int, every: Int = 4) throws
    -> Int
  {
    var training = Counting(steps: start)
    var taken = 0
    let loop = TrainingLoop(
      checkpointPath: folder + "/state", interval: 1000, reportSteps: every,
      log: TrainingLog(path: folder + "/log.jsonl"))
    try loop.run(
      &training, total: total, progress: { _ in },
      shouldStop: { taken >= limit }
    ) { training in
      training.steps += 1
      taken += 1
      return [("loss", 1 / Double(training.steps)), ("rate", 0.1 * Double(training.steps))]
    }
    return training.steps
  }
}

@Suite struct TrainingLogTests {
  private func bytes(_ folder: String) -> Data? {
    FileManager.default.contents(atPath: folder + "/log.jsonl")
  }

  @Test("a line holds the averages since the one before") func averages() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try Counting.run(folder, total: 6, from: 0, limit: 6)
    let entries = try TrainingLog(path: folder + "/log.jsonl").entries()
    #expect(entries.map(\.step) == [4, 6] && entries.map(\.total) == [6, 6])
    // (1 + 1/2 + 1/3 + 1/4) / 4 and (1/5 + 1/6) / 2.
    #expect(abs((entries[0].values["loss"] ?? 0) - 25.0 / 48) < 1e-12)
    #expect(abs((entries[1].values["loss"] ?? 0) - 11.0 / 60) < 1e-12)
  }

  @Test(
    "stopped and continued anywhere, the log and the state are those of one run", arguments: 1...9)
  func resumed(limit: Int) throws {
    let (whole, parts) = (try Tool.temporaryFolder(), try Tool.temporaryFolder())
    defer { for folder in [whole, parts] { try? FileManager.default.removeItem(atPath: folder) } }
    _ = try Counting.run(whole, total: 23, from: 0, limit: 23)
    var steps = 0
    while steps < 23 { steps = try Counting.run(parts, total: 23, from: steps, limit: limit) }
    #expect(bytes(parts) == bytes(whole))
    #expect(
      FileManager.default.contents(atPath: parts + "/state")
        == FileManager.default.contents(atPath: whole + "/state"))
  }

  @Test("lines of steps after the state, and a half-written last one, are written anew")
  func killed() throws {
    let (whole, killed) = (try Tool.temporaryFolder(), try Tool.temporaryFolder())
    defer { for folder in [whole, killed] { try? FileManager.default.removeItem(atPath: folder) } }
    _ = try Counting.run(whole, total: 23, from: 0, limit: 23)
    _ = try Counting.run(killed, total: 23, from: 0, limit: 10)
    let state = try Data(contentsOf: URL(fileURLWithPath: killed + "/state"))
    // Went on to step 21 and was killed before its state was written.
    _ = try Counting.run(killed, total: 23, from: 10, limit: 11)
    try state.write(to: URL(fileURLWithPath: killed + "/state"))
    let log = URL(fileURLWithPath: killed + "/log.jsonl")
    try (Data(contentsOf: log) + Data(#"{"loss":0.1,"st"#.utf8)).write(to: log)
    _ = try Counting.run(killed, total: 23, from: 10, limit: 100)
    #expect(bytes(killed) == bytes(whole))
  }

  @Test("a new training does not keep the lines of an old one") func fresh() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try Counting.run(folder, total: 23, from: 0, limit: 23)
    _ = try Counting.run(folder, total: 8, from: 0, limit: 8)
    #expect(try TrainingLog(path: folder + "/log.jsonl").entries().map(\.step) == [4, 8])
  }

  @Test(
    "a file that is no log is refused and left alone",
    arguments: ["hello\n", "{\"loss\":1}\n", "{\"step\":1.5,\"total\":2}\n", "\n"])
  func malformed(text: String) throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/log.jsonl"))
    #expect(throws: TrainingLogError.malformed(path: folder + "/log.jsonl", line: 1)) {
      try Counting.run(folder, total: 8, from: 0, limit: 8)
    }
    #expect(bytes(folder) == Data(text.utf8))
  }

  @Test("without a file there are no entries") func noFile() throws {
    #expect(try TrainingLog(path: "/nowhere/log.jsonl").entries().isEmpty)
  }
}
