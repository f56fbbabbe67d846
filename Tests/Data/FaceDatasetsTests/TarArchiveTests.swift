import Foundation
import Testing

@testable import FaceDatasets

@Suite struct TarArchiveTests {
  /// The names and bytes in an archive.
  static func contents(_ bytes: [UInt8]) throws -> [(name: String, bytes: [UInt8])] {
    try withTemporaryFolder { folder in
      try write(bytes, to: "\(folder)/a.tar")
      let archive = try TarArchive(path: "\(folder)/a.tar")
      return try archive.entries.map { ($0.name, try archive.bytes(of: $0)) }
    }
  }

  static func error(_ bytes: [UInt8]) -> TarError? {
    do {
      _ = try contents(bytes)
      return nil
    } catch {
      return error as? TarError
    }
  }

  @Test("regular files come with their bytes, everything else is passed over")
  func regularFiles() throws {
    var tar = TarWriter()
    tar.add("folder/", [], kind: "5")
    tar.add("folder/a", Array("one".utf8))
    tar.add("link", [], kind: "2", size: Array("00000000777".utf8))
    tar.add("old", Array("two".utf8), kind: "\u{0}", magic: "")
    tar.add("old-folder/", [], kind: "\u{0}", magic: "")
    tar.add("empty", [])
    tar.add("block", [UInt8](repeating: 7, count: 512))
    tar.end()
    let found = try Self.contents(tar.bytes)
    #expect(found.map(\.name) == ["folder/a", "old", "empty", "block"])
    #expect(found.map(\.bytes.count) == [3, 3, 0, 512])
    #expect(found[0].bytes == Array("one".utf8) && found[1].bytes == Array("two".utf8))
  }

  @Test("long names are joined from prefix, GNU header or pax header")
  func longNames() throws {
    let long = String(repeating: "n", count: 300)
    var tar = TarWriter()
    tar.add("b", [1], prefix: "a")
    tar.add("b", [2], magic: "ustar  \u{0}", prefix: "not a prefix")
    tar.add("././@LongLink", Array("\(long)\u{0}".utf8), kind: "L", magic: "ustar  \u{0}")
    tar.add(long, [3], magic: "ustar  \u{0}")
    tar.add("pax", TarWriter.paxLine("path", "x/ü\(long)"), kind: "x")
    tar.add("short", [4])
    tar.add("global", TarWriter.paxLine("path", "ignored"), kind: "g")
    tar.add("pax", TarWriter.paxLine("path", ""), kind: "x")
    tar.add("last", [5])
    tar.end()
    let found = try Self.contents(tar.bytes)
    #expect(found.map(\.name) == ["a/b", "b", long, "x/ü\(long)", "last"])
    #expect(found.map(\.bytes) == [[1], [2], [3], [4], [5]])
  }

  @Test("sizes may be binary or stand in a pax header")
  func sizes() throws {
    var tar = TarWriter()
    tar.add("binary", [1, 2, 3], size: [0x80] + [UInt8](repeating: 0, count: 10) + [3])
    tar.add("pax", TarWriter.paxLine("size", "2"), kind: "x")
    tar.add("later", [8, 9], size: Array("00000000000".utf8))
    tar.end()
    #expect(try Self.contents(tar.bytes).map(\.bytes) == [[1, 2, 3], [8, 9]])
  }

  @Test("an archive without its end, or without bytes, is read")
  func endings() throws {
    #expect(try Self.contents([]).isEmpty)
    var tar = TarWriter()
    tar.add("a", [1])
    #expect(try Self.contents(tar.bytes).count == 1)
    #expect(try Self.contents(Array(tar.bytes.prefix(513))).count == 1, "no padding")
  }

  @Test("a wrong checksum, size or length is refused with its place")
  func damage() {
    var tar = TarWriter()
    tar.add("a", [UInt8](repeating: 1, count: 100))
    let good = tar.bytes
    guard case .wrongChecksum(_, 0) = Self.error([good[0] ^ 1] + good.dropFirst()) else {
      Issue.record("a changed name passed the checksum")
      return
    }
    guard case .truncated(_, 512, 100, 50) = Self.error(Array(good.prefix(562))) else {
      Issue.record("a short file was not noticed")
      return
    }
    guard case .truncated(_, 0, 512, 100) = Self.error(Array(good.prefix(100))) else {
      Issue.record("a short header was not noticed")
      return
    }
    let sizes: [[UInt8]] = [
      Array("77777777777".utf8), [UInt8](repeating: 0xFF, count: 12),
      [0x80] + [UInt8](repeating: 0xFF, count: 11), Array("00000x00000".utf8),
      [0x80, 0, 0, 0, 0, 0x7F] + [UInt8](repeating: 0xFF, count: 6),
    ]
    for size in sizes {
      var bad = TarWriter()
      bad.add("a", [1], size: size)
      #expect(Self.error(bad.bytes) != nil, "\(size)")
    }
  }

  static let extendedHeaders = [
    "no length", "5 a=b\n", "999999 path=a\n", "-3 path=a\n", "12 path", "0 a=b\n",
    "99999999999999999999999 a=b\n", "9 size=-1\n", "17 size=99999999\n",
    "28 size=9223372036854775807\n", "2 \n",
  ]

  @Test("malformed extended headers are refused", arguments: extendedHeaders)
  func extended(text: String) {
    var tar = TarWriter()
    tar.add("pax", Array(text.utf8), kind: "x")
    tar.add("a", [1])
    #expect(Self.error(tar.bytes) != nil)
  }

  @Test("an overlong name is refused before it is read")
  func overlong() {
    var tar = TarWriter()
    tar.add("././@LongLink", [UInt8](repeating: 0x61, count: 1 << 20 + 1), kind: "L")
    guard case .overlongName(_, 512, 1_048_577) = Self.error(tar.bytes) else {
      Issue.record("a name of more than a mebibyte was read")
      return
    }
  }

  @Test("every flipped bit and every prefix of an archive is survived")
  func hostile() throws {
    var tar = TarWriter()
    tar.add("pax", TarWriter.paxLine("path", "a/b"), kind: "x")
    tar.add("x", [1, 2, 3])
    tar.end()
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.tar"
      try write(tar.bytes, to: path)
      let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
      func put(_ byte: UInt8, at offset: Int) throws {
        try file.seek(toOffset: UInt64(offset))
        try file.write(contentsOf: [byte])
      }
      // The two headers and the extended header's text; the rest is padding and contents.
      for bit in 0..<(1536 * 8) {
        try put(tar.bytes[bit / 8] ^ 1 << (bit % 8), at: bit / 8)
        if let archive = try? TarArchive(path: path) {
          let sizes = try archive.entries.map { try archive.bytes(of: $0).count }
          #expect(sizes.allSatisfy { $0 <= tar.bytes.count }, "bit \(bit)")
        }
        try put(tar.bytes[bit / 8], at: bit / 8)
      }
      for count in (0..<tar.bytes.count).reversed() {
        try file.truncate(atOffset: UInt64(count))
        _ = try? TarArchive(path: path)
      }
    }
  }

  @Test("a folder, a device and nothing at all are refused")
  func notAFile() {
    for path in ["/", "/dev/zero", "/nonexistent.tar"] {
      #expect(throws: TarError.self) { try TarArchive(path: path) }
    }
  }

  @Test("sparse files of any number of pieces are passed over, and told of") func sparse() throws {
    for blocks in [0, 1, 3] {
      var tar = TarWriter()
      tar.add("a", [1])
      var body = [UInt8](repeating: 7, count: 600)
      // Blocks with more of the pieces; each tells whether another one follows.
      let map = (0..<blocks).flatMap { number -> [UInt8] in
        var block = [UInt8](repeating: 0x20, count: 512)
        block[504] = number + 1 < blocks ? 1 : 0
        return block
      }
      body = map + body
      let start = tar.bytes.count
      tar.add(
        "holes", body, kind: "S", magic: "ustar  \u{0}",
        size: Array(TarWriter.octal(600, digits: 11).utf8), isExtended: blocks > 0)
      #expect(tar.bytes.count > start)
      tar.add("b", [2])
      tar.end()
      try withTemporaryFolder { folder in
        try write(tar.bytes, to: folder + "/a.tar")
        let archive = try TarArchive(path: folder + "/a.tar")
        #expect(archive.entries.map(\.name) == ["a", "b"], "\(blocks)")
        #expect(archive.sparse == ["holes"], "\(blocks)")
      }
    }
    var tar = TarWriter()
    tar.add(
      "pax",
      TarWriter.paxLine("GNU.sparse.major", "1") + TarWriter.paxLine("GNU.sparse.name", "p/h.png"),
      kind: "x")
    tar.add("GNUSparseFile.1/h.png", [UInt8](repeating: 7, count: 600))
    tar.add("b", [2])
    tar.end()
    try withTemporaryFolder { folder in
      try write(tar.bytes, to: folder + "/a.tar")
      let archive = try TarArchive(path: folder + "/a.tar")
      #expect(archive.entries.map(\.name) == ["b"])
      #expect(archive.sparse == ["p/h.png"])
      #expect {
        try IdentityDataset(sources: [folder + "/a.tar"])
      } throws: {
        "\($0)".contains("0 of 1 pictures kept")
      }
    }
  }

  @Test("a compressed archive is called so, however short it is") func compressed() {
    let formats: [(String, [UInt8])] = [
      ("gzip", [0x1F, 0x8B, 8]), ("bzip2", Array("BZh9".utf8)), ("zip", Array("PK\u{3}\u{4}".utf8)),
      ("xz", [0xFD] + Array("7zXZ\0".utf8)), ("Zstandard", [0x28, 0xB5, 0x2F, 0xFD]),
    ]
    for (format, start) in formats {
      for length in [20, 600, 2000] {
        let bytes = start + [UInt8](repeating: 9, count: length)
        guard case .compressed(_, format) = Self.error(bytes) else {
          Issue.record("\(format) of \(bytes.count) bytes is not told")
          continue
        }
      }
    }
  }
}
