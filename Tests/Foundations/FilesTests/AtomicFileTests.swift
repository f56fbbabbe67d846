import Files
import Foundation
import TestSupport
import Testing

@Suite struct AtomicFileTests {
  @Test("writes, replaces and leaves nothing else") func replaces() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write([1, 2, 3], to: "\(folder)/weights")
      try AtomicFile.write([], to: "\(folder)/weights")
      try AtomicFile.write([9], to: "\(folder)/weights")
      #expect(FileManager.default.contents(atPath: "\(folder)/weights") == Data([9]))
      #expect(try names(in: folder) == ["weights"])
    }
  }

  @Test("a failed write names the path and leaves no temporary file") func failure() throws {
    try withTemporaryFolder { folder in
      // A file cannot replace a folder that is not empty.
      try FileManager.default.createDirectory(
        atPath: "\(folder)/taken/inner", withIntermediateDirectories: true)
      #expect(
        throws: FileError.unwritable(path: "\(folder)/taken", reason: "Is a directory")
      ) { try AtomicFile.write([1], to: "\(folder)/taken") }
      #expect(try names(in: folder) == ["taken"])
      #expect(throws: FileError.self) {
        try AtomicFile.write([1], to: "\(folder)/absent/file")
      }
    }
  }

  @Test("concurrent writers leave one whole content") func concurrent() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/weights"
      DispatchQueue.concurrentPerform(iterations: 8) { writer in
        try? AtomicFile.write([UInt8](repeating: UInt8(writer), count: 100_000), to: path)
      }
      let bytes = try #require(FileManager.default.contents(atPath: path))
      #expect(bytes.count == 100_000)
      #expect(Set(bytes).count == 1)
      #expect(try names(in: folder) == ["weights"])
    }
  }
}
