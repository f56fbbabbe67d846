import Files
import Foundation
import Glibc
import TestSupport
import Testing

@Suite struct SHA256Tests {
  /// The examples of FIPS 180-4's companion page, and the empty message.
  static let examples = [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ]

  @Test("published examples", arguments: examples)
  func published(message: String, digest: String) {
    #expect(SHA256.hex(of: Array(message.utf8)) == digest)
  }

  @Test("file and bytes agree across the read size", arguments: [0, 1, 65_535, 65_536, 200_000])
  func file(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try withTemporaryFolder { folder in
      try AtomicFile.write(bytes, to: "\(folder)/x")
      #expect(try SHA256.hex(ofFile: "\(folder)/x") == SHA256.hex(of: bytes))
    }
  }

  @Test("a named pipe is refused at once") func pipe() throws {
    try withTemporaryFolder { folder in
      #expect(mkfifo("\(folder)/pipe", 0o600) == 0)
      #expect(
        throws: FileError.notRegular(path: "\(folder)/pipe")
      ) { try SHA256.hex(ofFile: "\(folder)/pipe") }
    }
  }

  @Test("missing file and folder are refused") func missing() throws {
    try withTemporaryFolder { folder in
      #expect(
        throws: FileError.missing(path: "\(folder)/x")
      ) { try SHA256.hex(ofFile: "\(folder)/x") }
      #expect(throws: FileError.notRegular(path: folder)) {
        try SHA256.hex(ofFile: folder)
      }
    }
  }
}
