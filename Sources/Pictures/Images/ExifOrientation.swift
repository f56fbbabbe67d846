/// How a camera held a picture, as EXIF tag 0x0112 records it.
///
/// References: EXIF 2.32; PNG, third edition, section 11.3.6.1 (`eXIf`); WebP container, "Metadata".
///
/// The raw value names where row 0 and column 0 of the stored picture belong in the upright one.
enum ExifOrientation: Int, CaseIterable {
  case upright = 1
  case flippedHorizontally, turnedHalf, flippedVertically
  case transposed, turnedClockwise, transversed, turnedAnticlockwise

  /// Reads the orientation of a JPEG file; anything missing or malformed counts as upright.
  ///
  /// Walks the marker segments before the first scan, never further than the bytes reach.
  init(jpeg bytes: [UInt8]) {
    self = .upright
    var position = 2
    while position + 4 <= bytes.count {
      let marker = bytes[position + 1]
      if bytes[position] != 0xFF || marker == 0xFF {
        position += 1  // A stray byte, or a fill byte.
        continue
      }
      // A scan, the end, or a marker without length: no metadata comes after it.
      if marker == 0xDA || marker == 0xD9 || marker <= 0x01 || (0xD0...0xD8).contains(marker) {
        return
      }
      let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
      let end = position + 2 + length
      guard length >= 2, end <= bytes.count else { return }
      let body = bytes[position + 4..<end]
      // The byte behind the zero is meant for nothing, and some programs fill it.
      if marker == 0xE1, body.count > 6, body.starts(with: Array("Exif\0".utf8)),
        let found = Self(tiff: body.dropFirst(6))
      {
        self = found
        return
      }
      position = end
    }
  }

  /// Reads the orientation of a PNG file; anything missing or malformed counts as upright.
  init(png bytes: [UInt8]) {
    self = .upright
    var position = 8
    while position + 12 <= bytes.count {
      let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - position - 12 else { return }
      let kind = bytes[position + 4..<position + 8]
      let body = bytes[position + 8..<position + 8 + length]
      if kind.elementsEqual("eXIf".utf8), let found = Self(payload: body) {
        self = found
        return
      }
      position += 12 + length
    }
  }

  /// Reads the orientation of a WebP file; anything missing or malformed counts as upright.
  init(webp bytes: [UInt8]) {
    self = .upright
    var position = 12
    while position + 8 <= bytes.count {
      let length = bytes[position + 4..<position + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - position - 8 else { return }
      let body = bytes[position + 8..<position + 8 + length]
      if bytes[position..<position + 4].elementsEqual("EXIF".utf8), let found = Self(payload: body)
      {
        self = found
        return
      }
      // Chunks lie at even places.
      position += 8 + length + length % 2
    }
  }

  /// Reads what a chunk holds: a TIFF structure, before which some programs leave JPEG's mark.
  private init?(payload: ArraySlice<UInt8>) {
    let hasMark = payload.count > 6 && payload.starts(with: "Exif\0".utf8)
    self.init(tiff: hasMark ? payload.dropFirst(6) : payload)
  }

  /// Reads tag 0x0112 of the first directory of a TIFF structure.
  init?(tiff: ArraySlice<UInt8>) {
    guard let reader = TIFFReader(tiff), let directory = reader.word32(at: 4),
      let count = reader.word16(at: directory)
    else { return nil }
    for index in 0..<count {
      let entry = directory + 2 + index * 12
      guard let tag = reader.word16(at: entry) else { return nil }
      guard tag == 0x0112 else { continue }
      // One number of one, two or four bytes lies in the entry itself.
      guard let type = reader.word16(at: entry + 2), reader.word32(at: entry + 4) == 1 else {
        return nil
      }
      let value =
        switch type {
        case 1: reader.byte(at: entry + 8)
        case 3: reader.word16(at: entry + 8)
        case 4: reader.word32(at: entry + 8)
        default: Int?.none
        }
      guard let value else { return nil }
      self.init(rawValue: value)
      return
    }
    return nil
  }
}

/// Numbers of a TIFF structure in its own byte order; `nil` outside the bytes.
private struct TIFFReader {
  private let bytes: ArraySlice<UInt8>
  private let isLittleEndian: Bool

  init?(_ bytes: ArraySlice<UInt8>) {
    if bytes.starts(with: [0x49, 0x49, 0x2A, 0x00]) {
      isLittleEndian = true
    } else if bytes.starts(with: [0x4D, 0x4D, 0x00, 0x2A]) {
      isLittleEndian = false
    } else {
      return nil
    }
    self.bytes = bytes
  }

  private func number(at offset: Int, count: Int) -> Int? {
    guard offset >= 0, offset <= bytes.count - count else { return nil }
    let part = bytes[bytes.startIndex + offset..<bytes.startIndex + offset + count]
    return isLittleEndian
      ? part.reversed().reduce(0) { $0 << 8 | Int($1) } : part.reduce(0) { $0 << 8 | Int($1) }
  }

  func byte(at offset: Int) -> Int? { number(at: offset, count: 1) }
  func word16(at offset: Int) -> Int? { number(at: offset, count: 2) }
  func word32(at offset: Int) -> Int? { number(at: offset, count: 4) }
}
