import Files
import Glibc
import TestSupport
import Testing

@Suite struct ReadableFileTests {
  @Test("parts and the whole are read") func parts() throws {
    try withTemporaryFolder { folder in
      let (path, bytes) = ("\(folder)/x", (0..<1000).map { UInt8(truncatingIfNeeded: $0) })
      try AtomicFile.write(bytes, to: path)
      let file = try ReadableFile(path)
      #expect(file.byteCount == 1000 && file.path == path)
      #expect(try file.bytes(in: 10..<300) == Array(bytes[10..<300]))
      #expect(try file.bytes(in: 1000..<1000).isEmpty)
      #expect(try file.bytes(limit: 1000) == bytes)
      #expect(try ReadableFile.bytes(of: path, limit: 1000) == bytes)
    }
  }

  @Test("a file beyond the limit is refused") func limit() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/x"
      try AtomicFile.write([1, 2, 3], to: path)
      #expect(throws: FileError.tooLarge(path: path, bytes: 3, limit: 2)) {
        try ReadableFile.bytes(of: path, limit: 2)
      }
    }
  }

  @Test("a file that becomes shorter after it was opened is refused") func shortened() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/x"
      try AtomicFile.write([1, 2, 3], to: path)
      let file = try ReadableFile(path)
      #expect(truncate(path, 1) == 0)
      #expect(throws: FileError.truncated(path: path, expected: 3, found: 1)) {
        try file.bytes(limit: 3)
      }
    }
  }

  @Test("errors name the file and what is wrong with it") func words() {
    let errors: [(FileError, String)] = [
      (.missing(path: "x"), "cannot read 'x': No such file or directory"),
      (.notRegular(path: "x"), "cannot read 'x': not a regular file"),
      (.unreadable(path: "x", reason: "no"), "cannot read 'x': no"),
      (.tooLarge(path: "x", bytes: 3, limit: 2), "file 'x' has 3 bytes; the limit is 2"),
      (
        .truncated(path: "x", expected: 3, found: 1),
        "file 'x' became shorter: 1 bytes could be read; expected 3"
      ),
      (.unwritable(path: "x", reason: "no"), "cannot write 'x': no"),
    ]
    for (error, words) in errors { #expect(error.description == words && error.path == "x") }
  }
}
