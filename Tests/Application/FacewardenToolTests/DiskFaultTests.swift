import Foundation
import Images
import TestSupport
import Testing

/// Disks that are full or broken, by system calls that fail: what was there stays whole, nothing half
/// written gets a name, the command ends with status 2 and says which file and why.
@Suite(.serialized) struct DiskFaultTests {
  /// A system call that fails, and how.
  struct Fault: CustomTestStringConvertible, Sendable {
    let call: String
    let error: Int32
    var testDescription: String { "\(call): \(String(cString: strerror(error)))" }
    var reason: String { String(cString: strerror(error)) }
  }

  static let faults = [
    Fault(call: "open", error: ENOSPC), Fault(call: "write", error: ENOSPC),
    Fault(call: "short", error: ENOSPC), Fault(call: "write", error: EIO),
    Fault(call: "short", error: EIO), Fault(call: "fsync", error: EIO),
    Fault(call: "fsync", error: ENOSPC), Fault(call: "close", error: EIO),
    Fault(call: "rename", error: EIO), Fault(call: "rename", error: ENOSPC),
  ]
  /// Two that stand for the others where a run takes long.
  static let two = [Fault(call: "short", error: ENOSPC), Fault(call: "fsync", error: EIO)]

  /// The library that makes calls fail, compiled in a folder.
  private func library(_ folder: String) throws -> String {
    let path = folder + "/faults.so"
    let source = "Tests/Application/FacewardenToolTests/faults.c"
    let run = try Shell.run("cc -shared -fPIC -O1 -o \"$1\" \(source) -ldl 2>&1", [path])
    try #require(run.status == 0, "\(run.output)")
    return path
  }

  /// Runs the tool; a fault befalls files whose paths contain `path`.
  private func run(
    _ words: String, _ folder: String, _ fault: Fault? = nil, on path: String = "", after: Int = 0
  ) throws -> Shell.Run {
    let library = folder + "/faults.so"
    let faults =
      fault.map {
        "LD_PRELOAD=\(library) FAULT_CALL=\($0.call) FAULT_ERROR=\($0.error) FAULT_PATH=\(path) "
          + "FAULT_AFTER=\(after) "
      } ?? ""
    return try Shell.run("\(faults)$TOOL \(words) 2>&1", [folder])
  }

  private func contents(_ path: String) -> Data? { FileManager.default.contents(atPath: path) }

  /// A folder with models, aligned faces, and the library.
  private func with(_ body: (_ folder: String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      for name in ["models", "out"] {
        try FileManager.default.createDirectory(
          atPath: "\(folder)/\(name)", withIntermediateDirectories: false)
      }
      try TinyModels.write(to: folder + "/models")
      try SyntheticPeople.writeFolder(folder + "/people", people: 8, pictures: 2)
      _ = try library(folder)
      try body(folder)
    }
  }

  private func expectFailure(_ run: Shell.Run, _ fault: Fault, names path: String) {
    #expect(run.status == 2, "\(fault.testDescription): \(run.output)")
    #expect(run.output.contains(path) && run.output.contains(fault.reason), "\(run.output)")
  }

  @Test("without a fault, and with one elsewhere, all is written: the library changes nothing else")
  func harmless() throws {
    try with { folder in
      let words = "data synthesize --people 1 --images 1 -o \"$1/drawn\""
      let run = try run(words, folder, Fault(call: "write", error: EIO), on: "/elsewhere/")
      #expect(run.status == 0, "\(run.output)")
      #expect(contents(folder + "/drawn/landmarks.csv") != nil)
    }
  }

  @Test("a picture that is there stays", arguments: faults)
  func picture(_ fault: Fault) throws {
    try with { folder in
      let old = Data("what was there".utf8)
      try old.write(to: URL(fileURLWithPath: folder + "/out/made.png"))
      let run = try run(
        "reconstruct --aligned --models \"$1/models\" \"$1/people/p0/0.png\" -o \"$1/out/made.png\"",
        folder, fault, on: "/out/")
      expectFailure(run, fault, names: "made.png")
      #expect(contents(folder + "/out/made.png") == old)
      #expect(try names(in: folder + "/out") == ["made.png"])
    }
  }

  @Test("the tables of drawn people and of people held out stay", arguments: two)
  func tables(_ fault: Fault) throws {
    try with { folder in
      for (words, table) in [
        ("synthesize --people 1 --images 1", "landmarks.csv"),
        ("synthesize --people 1 --images 1", "attributes.csv"),
        ("held-out --data \"$1/people\" --held-out 0.5", "pairs.csv"),
      ] {
        let old = Data("what was there".utf8)
        try old.write(to: URL(fileURLWithPath: folder + "/out/" + table))
        // A rename is known by the new name.
        let run = try run(
          "data \(words) -o \"$1/out\"", folder, fault,
          on: fault.call == "rename" ? "/out/\(table)" : "/out/.\(table)")
        expectFailure(run, fault, names: table)
        #expect(contents(folder + "/out/" + table) == old)
        #expect(try names(in: folder + "/out").filter { $0.hasPrefix(".") } == [])
      }
    }
  }

  @Test("a published network stays, with its entry", arguments: faults)
  func model(_ fault: Fault) throws {
    try with { folder in
      let before = try ["f_c.safetensors", "manifest.json"].map {
        try #require(contents(folder + "/models/" + $0))
      }
      let files = try names(in: folder + "/models")
      for (file, isWhole) in [("f_c.safetensors", true), ("manifest.json", false)] {
        let run = try run(
          Self.train("state"), folder, fault,
          on: fault.call == "rename" ? "/models/\(file)" : "/models/.\(file)")
        expectFailure(run, fault, names: file)
        #expect(contents(folder + "/models/manifest.json") == before[1])
        #expect((contents(folder + "/models/f_c.safetensors") == before[0]) == isWhole)
        #expect(try names(in: folder + "/models") == files)
      }
      // The entry's sum is that of the old weights: the door refuses the folder.
      let verdict = try self.run(
        "verify --aligned --models \"$1/models\" \"$1/people/p0/0.png\" \"$1/people/p0/1.png\"",
        folder)
      #expect(
        verdict.status == 2 && verdict.output.contains("f_c.safetensors"), "\(verdict.output)")
      // The training is done and kept: published once more, all is well.
      #expect(try self.run(Self.train("state") + " --publish", folder).status == 0)
      let listed = try self.run("models --models \"$1/models\"", folder)
      #expect(listed.output.contains("f_c.safetensors"))
    }
  }

  private static func train(_ state: String) -> String {
    "train embedder --data \"$1/people\" --models \"$1/models\" --state \"$1/out/\(state)\" "
      + "--widths 2,2,2,2,4 --convolutions 1,1,1,1,1 --embedding 8 --batch 4 --epochs 2 --held-out 0 "
      + "--augmentation none --checkpoint-steps 2"
  }

  @Test("a training's state and log stay; it goes on to the same weights", arguments: two)
  func state(_ fault: Fault) throws {
    try with { folder in
      #expect(try run(Self.train("whole.state"), folder).status == 0)
      let whole = contents(folder + "/models/f_c.safetensors")
      // The first state is written, the second is not; then a line of the log.
      let second = try run(Self.train("part.state"), folder, fault, on: "/.part.state", after: 1)
      expectFailure(second, fault, names: "part.state")
      let kept = contents(folder + "/out/part.state")
      #expect(kept != nil)
      let line = try run(Self.train("part.state"), folder, fault, on: "/part.log.jsonl")
      #expect(line.status == 2 && line.output.contains("part.log.jsonl"), "\(line.output)")
      // Later states were written before the line that was not.
      #expect(contents(folder + "/out/part.state") != nil)
      #expect(try run(Self.train("part.state"), folder).status == 0)
      #expect(contents(folder + "/models/f_c.safetensors") == whole)
      let logs = ["whole", "part"].map { contents(folder + "/out/\($0).log.jsonl") }
      #expect(logs[0] != nil && logs[0] == logs[1])
    }
  }

  @Test("an attack set goes on where the disk was full", arguments: two)
  func attackSet(_ fault: Fault) throws {
    try with { folder in
      func make(_ name: String) -> String {
        "attack-set --models \"$1/models\" --pairs \"$1/people\" --limit 4 --iterations 2 "
          + "--thetas 0.4 -o \"$1/\(name)\""
      }
      #expect(try run(make("whole"), folder).status == 0)
      let files = try FileManager.default.subpathsOfDirectory(atPath: folder + "/whole").sorted()
      let pictures = files.filter { $0.hasSuffix(".png") }
      try #require(pictures.count >= 2)
      let broken = try run(make("part"), folder, fault, on: ".png", after: 1)
      #expect(broken.status == 2 && broken.output.contains(fault.reason), "\(broken.output)")
      let lines = try run(make("part"), folder, fault, on: ".jsonl")
      #expect(lines.status == 2 && lines.output.contains(fault.reason), "\(lines.output)")
      #expect(try run(make("part"), folder).status == 0)
      let again = try FileManager.default.subpathsOfDirectory(atPath: folder + "/part").sorted()
      #expect(again == files)
      for file in pictures {
        #expect(contents(folder + "/part/" + file) == contents(folder + "/whole/" + file))
      }
    }
  }

  @Test("a report that is there stays", arguments: faults)
  func report(_ fault: Fault) throws {
    try with { folder in
      let old = Data("{}".utf8)
      for name in ["report.json", "report.html"] {
        try old.write(to: URL(fileURLWithPath: "\(folder)/out/\(name)"))
      }
      let words =
        "evaluate verification --models \"$1/models\" \"$1/people\" -o \"$1/out\""
      for name in ["report.json", "report.html"] {
        let run = try run(
          words, folder, fault, on: fault.call == "rename" ? "/out/\(name)" : "/out/.\(name)")
        expectFailure(run, fault, names: name)
        #expect(contents("\(folder)/out/report.html") == old)
        #expect(try !names(in: folder + "/out").contains { $0.hasPrefix(".") })
      }
    }
  }

  @Test("a folder that cannot be synchronised is told; the file is the whole new one") func folder()
    throws
  {
    try with { folder in
      try Data("old".utf8).write(to: URL(fileURLWithPath: folder + "/out/made.png"))
      let words =
        "reconstruct --aligned --models \"$1/models\" \"$1/people/p0/0.png\" -o \"$1/out/made.png\""
      // The picture's own fsync goes well, the folder's does not.
      let broken = try run(words, folder, Fault(call: "fsync", error: EIO), on: "/out/", after: 1)
      #expect(broken.status == 2 && broken.output.contains("made.png"), "\(broken.output)")
      #expect(try RGBImage.read(path: folder + "/out/made.png").image.width == 128)
      #expect(try names(in: folder + "/out") == ["made.png"])
    }
  }
}
