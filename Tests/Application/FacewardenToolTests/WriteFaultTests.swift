import Foundation
import Images
import TestSupport
import Testing

/// Disks that take no more, and names that cannot be had: what was there stays, and the status says so.
///
/// A limit of the process's files lets a write take a part of its bytes, and fails the next one.
@Suite struct WriteFaultTests {
  /// A folder with models, a picture, and `out` with what was written before.
  private func with(_ body: (_ folder: String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      for name in ["models", "out"] {
        try FileManager.default.createDirectory(
          atPath: "\(folder)/\(name)", withIntermediateDirectories: false)
      }
      try TinyModels.write(to: folder + "/models")
      try SyntheticPeople.picture(person: 1, variant: 0, side: 128).writePNG(
        to: folder + "/face.png")
      try body(folder)
    }
  }

  /// The limit would cut short what counts the lines run through, too, and such a file spoils all others.
  private static let limited = "trap '' XFSZ; ulimit -f 1; export LLVM_PROFILE_FILE=/dev/null; "
  private static let reconstruct =
    "$TOOL reconstruct --aligned --models \"$1/models\" \"$1/face.png\" -o \"$1/out/made.png\" 2>&1"

  @Test("a write that stops half-way leaves the old file, and no part of the new one")
  func shortWrite() throws {
    try with { folder in
      #expect(try Shell.run(Self.reconstruct, [folder]).status == 0)
      let made = FileManager.default.contents(atPath: folder + "/out/made.png")
      #expect((made?.count ?? 0) > 1024)
      let old = Data("what was there".utf8)
      try old.write(to: URL(fileURLWithPath: folder + "/out/made.png"))
      let run = try Shell.run(Self.limited + Self.reconstruct, [folder])
      #expect(run.status == 2 && run.output.contains("File too large"), "\(run.output)")
      #expect(FileManager.default.contents(atPath: folder + "/out/made.png") == old)
      #expect(try names(in: folder + "/out") == ["made.png"])
    }
  }

  @Test("a name that a folder has is told, and leaves nothing beside it") func rename() throws {
    try with { folder in
      try FileManager.default.createDirectory(
        atPath: folder + "/out/made.png/kept", withIntermediateDirectories: true)
      let run = try Shell.run(Self.reconstruct, [folder])
      #expect(run.status == 2 && run.output.contains("made.png"), "\(run.output)")
      #expect(try names(in: folder + "/out") == ["made.png"])
      #expect(try names(in: folder + "/out/made.png") == ["kept"])
    }
  }

  @Test("a training whose state cannot be written ends, and goes on where there is room again")
  func state() throws {
    try withTemporaryFolder { folder in
      try SyntheticPeople.writeFolder(folder + "/people", people: 8, pictures: 2)
      func train(_ name: String, _ before: String = "") throws -> Shell.Run {
        try Shell.run(
          before + """
            $TOOL train embedder --data "$1/people" --models "$1/\(name)" --state "$1/\(name)/f.state" \
            --widths 2,2,2,2,4 --convolutions 1,1,1,1,1 --embedding 8 --batch 4 --epochs 2 \
            --held-out 0 --augmentation none 2>&1
            """, [folder])
      }
      #expect(try train("whole").status == 0)
      let whole = FileManager.default.contents(atPath: folder + "/whole/f_c.safetensors")
      let run = try train("part", Self.limited)
      #expect(run.status == 2 && run.output.contains("File too large"), "\(run.output)")
      let left = try names(in: folder + "/part")
      #expect(!left.contains { $0.hasPrefix(".") || $0.contains("state") }, "\(left)")
      #expect(try train("part").status == 0)
      #expect(FileManager.default.contents(atPath: folder + "/part/f_c.safetensors") == whole)
    }
  }
}
