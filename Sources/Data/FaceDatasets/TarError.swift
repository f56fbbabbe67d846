/// Why a tar archive cannot be read; offsets are in bytes from its start.
public enum TarError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The operating system refused to read the file, or it is not a regular file.
  case unreadable(file: String, reason: String)
  /// The archive is compressed.
  case compressed(file: String, format: String)
  /// A header's checksum is not the sum of its bytes.
  case wrongChecksum(file: String, offset: Int)
  /// A header's size is not a number that fits.
  case wrongSize(file: String, offset: Int)
  /// The archive ends within a header or a file.
  case truncated(file: String, offset: Int, expected: Int, found: Int)
  /// A long name or an extended header is longer than one mebibyte.
  case overlongName(file: String, offset: Int, bytes: Int)
  /// An extended header is not a list of `length key=value` lines.
  case wrongExtendedHeader(file: String, offset: Int)

  public var description: String {
    switch self {
    case .unreadable(let file, let reason): "'\(file)' cannot be read: \(reason)"
    case .compressed(let file, let format):
      "'\(file)' is compressed (\(format)); expected a plain tar archive"
    case .wrongChecksum(let file, let offset):
      "'\(file)' has no tar header with a correct checksum at byte \(offset)"
    case .wrongSize(let file, let offset):
      "the tar header at byte \(offset) of '\(file)' has no valid size"
    case .truncated(let file, let offset, let expected, let found):
      "'\(file)' ends early: expected \(expected) bytes at byte \(offset), found \(found)"
    case .overlongName(let file, let offset, let bytes):
      "the name at byte \(offset) of '\(file)' has \(bytes) bytes; the limit is 1048576"
    case .wrongExtendedHeader(let file, let offset):
      "the extended tar header at byte \(offset) of '\(file)' is malformed"
    }
  }
}
