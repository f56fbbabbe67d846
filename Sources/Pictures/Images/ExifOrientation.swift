/// How a camera held a picture, as EXIF tag 0x0112 records it.
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
    while position + 4 <= bytes.count, bytes[position] == 0xFF {
      let marker = bytes[position + 1]
      if marker == 0xFF {
        position += 1  // A fill byte.
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
      if marker == 0xE1, body.starts(with: Array("Exif\0\0".utf8)) {
        self = Self(tiff: body.dropFirst(6)) ?? .upright
        return
      }
      position = end
    }
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
      // Type 3 is a 16-bit number; one of them lies in the entry itself.
      guard reader.word16(at: entry + 2) == 3, reader.word32(at: entry + 4) == 1,
        let value = reader.word16(at: entry + 8)
      else { return nil }
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

  func word16(at offset: Int) -> Int? { number(at: offset, count: 2) }
  func word32(at offset: Int) -> Int? { number(at: offset, count: 4) }
}
