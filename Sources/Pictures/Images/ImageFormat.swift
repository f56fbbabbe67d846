/// A file format that can be decoded.
public enum ImageFormat: String, Equatable, Sendable, Codable, CaseIterable {
  case png, jpeg, webp

  /// Recognises the format from the first bytes of a file; its name plays no part.
  ///
  /// - Returns: `nil` if the bytes start like none of the known formats.
  public init?(sniffing bytes: some Collection<UInt8>) {
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) {
      self = .webp
    } else {
      return nil
    }
  }
}
