/// The walk over the headers of a tar archive.
///
/// Reference: POSIX.1-2017, "pax", ustar and pax interchange formats; GNU tar manual, "Basic Tar
/// Format".
struct TarIndex {
  static let blockSize = 512
  static let nameLimit = 1 << 20

  private let file: OpenFile
  private(set) var entries: [TarArchive.Entry] = []
  /// The names of sparse files.
  private(set) var sparse: [String] = []
  // What an extended header says about the entry that follows it.
  private var nextName: String?
  private var nextSize: Int?
  private var nextIsSparse = false

  init(file: OpenFile) { self.file = file }

  mutating func readAll() throws(TarError) {
    var offset = 0
    while offset < file.size {
      let header: [UInt8]
      do {
        header = try part(offset, Self.blockSize)
      } catch {
        // A compressed archive may be shorter than a block.
        let start = offset == 0 ? try file.bytes(in: 0..<file.size) : []
        guard let format = Self.compression(start) else { throw error }
        throw .compressed(file: file.path, format: format)
      }
      // A block of zeros ends the archive; what follows is padding.
      if header.allSatisfy({ $0 == 0 }) { return }
      offset = try read(header, at: offset)
    }
  }

  /// Takes up one header and returns the offset of the next.
  private mutating func read(_ header: [UInt8], at offset: Int) throws(TarError) -> Int {
    guard Self.hasCorrectChecksum(header) else {
      if offset == 0, let format = Self.compression(header) {
        throw .compressed(file: file.path, format: format)
      }
      throw .wrongChecksum(file: file.path, offset: offset)
    }
    guard let ownSize = Self.number(header[124..<136]) else {
      throw .wrongSize(file: file.path, offset: offset)
    }
    let kind = header[156]
    let isExtension =
      kind == UInt8(ascii: "L") || kind == UInt8(ascii: "K")
      || kind == UInt8(ascii: "x") || kind == UInt8(ascii: "g")
    // Links, devices, directories and pipes have no bytes, whatever their size says.
    let hasBytes = !(UInt8(ascii: "1")...UInt8(ascii: "6")).contains(kind)
    let size = hasBytes ? (isExtension ? ownSize : nextSize ?? ownSize) : 0
    let start = try offset + Self.blockSize + sparseMapSize(header, at: offset)
    guard size <= file.size - start else {
      throw .truncated(file: file.path, offset: start, expected: size, found: file.size - start)
    }
    if isExtension {
      try readExtension(kind, start..<start + size)
    } else {
      let name = nextName ?? Self.name(in: header)
      let isSparse = kind == UInt8(ascii: "S") || nextIsSparse
      if isSparse { sparse.append(name) }
      let isRegular = kind == 0 || kind == UInt8(ascii: "0") || kind == UInt8(ascii: "7")
      // Archives older than ustar mark directories by the slash alone.
      if isRegular && !isSparse && !name.hasSuffix("/") {
        entries.append(TarArchive.Entry(name: name, range: start..<start + size))
      }
      (nextName, nextSize, nextIsSparse) = (nil, nil, false)
    }
    // The last block may lack its padding.
    let (padded, overflow) = (start + size).addingReportingOverflow(Self.blockSize - 1)
    return overflow ? file.size : padded / Self.blockSize * Self.blockSize
  }

  private mutating func readExtension(_ kind: UInt8, _ range: Range<Int>) throws(TarError) {
    guard range.count <= Self.nameLimit else {
      throw .overlongName(file: file.path, offset: range.lowerBound, bytes: range.count)
    }
    let body = try file.bytes(in: range)
    if kind == UInt8(ascii: "L") {
      nextName = Self.text(body[...])
    } else if kind == UInt8(ascii: "x") {
      guard let values = Self.paxValues(body) else {
        throw .wrongExtendedHeader(file: file.path, offset: range.lowerBound)
      }
      nextName = values["GNU.sparse.name"] ?? values["path"] ?? nextName
      nextIsSparse = nextIsSparse || values.keys.contains { $0.hasPrefix("GNU.sparse.") }
      if let size = values["size"] {
        guard let size = Int(size), size >= 0 else {
          throw .wrongSize(file: file.path, offset: range.lowerBound)
        }
        nextSize = size
      }
    }
  }

  /// The bytes between the header of a GNU sparse file and its data: a list of its pieces, if there are more
  /// than the four that the header has room for. Each block tells whether another one follows.
  ///
  /// Reference: GNU tar manual, "Storing Sparse Files", old GNU format.
  private func sparseMapSize(_ header: [UInt8], at offset: Int) throws(TarError) -> Int {
    guard header[156] == UInt8(ascii: "S"), header[482] != 0 else { return 0 }
    var size = 0
    repeat { size += Self.blockSize } while try part(offset + size, Self.blockSize)[504] != 0
    return size
  }

  private func part(_ offset: Int, _ count: Int) throws(TarError) -> [UInt8] {
    guard count <= file.size - offset else {
      throw .truncated(
        file: file.path, offset: offset, expected: count, found: file.size - offset)
    }
    return try file.bytes(in: offset..<offset + count)
  }
}

extension TarIndex {
  /// Sums the header's bytes with its checksum field read as spaces.
  static func hasCorrectChecksum(_ header: [UInt8]) -> Bool {
    let sum = header.indices.reduce(0) { sum, index in
      sum + ((148..<156).contains(index) ? 32 : Int(header[index]))
    }
    return number(header[148..<156]) == sum
  }

  /// The format of a compressed file by its first bytes; nil if it is none of those that archives come in.
  static func compression(_ bytes: [UInt8]) -> String? {
    let formats: [(String, [UInt8])] = [
      ("gzip", [0x1F, 0x8B]), ("bzip2", Array("BZh".utf8)), ("xz", [0xFD] + Array("7zXZ".utf8)),
      ("Zstandard", [0x28, 0xB5, 0x2F, 0xFD]), ("zip", Array("PK".utf8) + [3, 4]),
      ("lz4", [0x04, 0x22, 0x4D, 0x18]), ("compress", [0x1F, 0x9D]),
    ]
    return formats.first { bytes.starts(with: $0.1) }?.0
  }

  /// Reads an octal number ended by a space or a zero, or GNU's big-endian binary number.
  static func number(_ field: ArraySlice<UInt8>) -> Int? {
    guard let first = field.first else { return nil }
    if first & 0x80 != 0 {
      // Negative numbers start with 0xFF; sizes have no sign.
      guard first == 0x80, field.dropFirst().dropLast(7).allSatisfy({ $0 == 0 }) else {
        return nil
      }
      return field.suffix(7).reduce(0) { $0 << 8 | Int($1) }
    }
    let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0 && $0 != 0x20 }
    guard digits.allSatisfy({ (0x30...0x37).contains($0) }) else { return nil }
    return digits.reduce(0) { $0 << 3 | Int($1 - 0x30) }
  }

  /// The name, behind its prefix where the format has one.
  static func name(in header: [UInt8]) -> String {
    let (name, prefix) = (text(header[0..<100]), text(header[345..<500]))
    // GNU archives ("ustar  ") keep other things in the place of the prefix.
    let hasPrefix = header[257..<263].elementsEqual("ustar\0".utf8) && !prefix.isEmpty
    return hasPrefix ? "\(prefix)/\(name)" : name
  }

  static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// Reads lines `length key=value`, each of the length it names; `nil` if one is malformed.
  static func paxValues(_ body: [UInt8]) -> [String: String]? {
    var values: [String: String] = [:]
    var rest = body[...]
    while let space = rest.firstIndex(of: 0x20) {
      guard let length = Int(String(decoding: rest[..<space], as: UTF8.self)), length > 0,
        length <= rest.count, rest.startIndex + length > space + 1
      else { return nil }
      let line = rest[(space + 1)..<(rest.startIndex + length)]
      guard line.last == 0x0A, let equals = line.firstIndex(of: 0x3D) else { return nil }
      let value = String(decoding: line[(equals + 1)...].dropLast(), as: UTF8.self)
      // An empty value takes the keyword back.
      values[String(decoding: line[..<equals], as: UTF8.self)] = value.isEmpty ? nil : value
      rest = rest.dropFirst(length)
    }
    return rest.allSatisfy { $0 == 0 } ? values : nil
  }
}
