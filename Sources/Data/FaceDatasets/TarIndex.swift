/// The walk over the headers of a tar archive.
///
/// Reference: POSIX.1-2017, "pax", ustar and pax interchange formats; GNU tar manual, "Basic Tar
/// Format".
struct TarIndex {
  static let blockSize = 512
  static let nameLimit = 1 << 20

  private let file: OpenFile
  private(set) var entries: [TarArchive.Entry] = []
  // What an extended header says about the entry that follows it.
  private var nextName: String?
  private var nextSize: Int?

  init(file: OpenFile) { self.file = file }

  mutating func readAll() throws(TarError) {
    var offset = 0
    while offset < file.size {
      let header = try part(offset, Self.blockSize)
      // A block of zeros ends the archive; what follows is padding.
      if header.allSatisfy({ $0 == 0 }) { return }
      offset = try read(header, at: offset)
    }
  }

  /// Takes up one header and returns the offset of the next.
  private mutating func read(_ header: [UInt8], at offset: Int) throws(TarError) -> Int {
    guard Self.hasCorrectChecksum(header) else {
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
    let start = offset + Self.blockSize
    guard size <= file.size - start else {
      throw .truncated(file: file.path, offset: start, expected: size, found: file.size - start)
    }
    if isExtension {
      try readExtension(kind, start..<start + size)
    } else {
      let name = nextName ?? Self.name(in: header)
      let isRegular = kind == 0 || kind == UInt8(ascii: "0") || kind == UInt8(ascii: "7")
      // Archives older than ustar mark directories by the slash alone.
      if isRegular && !name.hasSuffix("/") {
        entries.append(TarArchive.Entry(name: name, range: start..<start + size))
      }
      (nextName, nextSize) = (nil, nil)
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
      nextName = values["path"] ?? nextName
      if let size = values["size"] {
        guard let size = Int(size), size >= 0 else {
          throw .wrongSize(file: file.path, offset: range.lowerBound)
        }
        nextSize = size
      }
    }
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
