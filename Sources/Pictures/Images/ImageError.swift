/// Why a picture could not be read or written; `name` is what the caller calls it.
public enum ImageError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is no file at this path.
  case missing(name: String)
  /// The path leads to a directory, a device or a pipe.
  case notAFile(name: String)
  /// The operating system refused to read the file.
  case unreadable(name: String, reason: String)
  /// The file has no bytes.
  case empty(name: String)
  /// The file is larger than the limit, in bytes.
  case tooManyBytes(name: String, bytes: Int, limit: Int)
  /// The first bytes are those of no known format.
  case unknownFormat(name: String)
  /// The picture has more pixels than the limit.
  case tooManyPixels(name: String, width: Int, height: Int, limit: Int)
  /// One side is longer than the limit, in pixels.
  case sideTooLong(name: String, width: Int, height: Int, limit: Int)
  /// One side is shorter than the limit, in pixels.
  case sideTooShort(name: String, width: Int, height: Int, limit: Int)
  /// The bytes break the rules of their format.
  case damaged(name: String, format: ImageFormat, reason: String)
  /// The format has this feature, but it is not accepted.
  case unsupported(name: String, format: ImageFormat, feature: String)
  /// The picture cannot be put into this format.
  case notEncodable(format: ImageFormat, reason: String)
  /// The operating system refused to write the file.
  case unwritable(name: String, reason: String)

  public var description: String {
    switch self {
    case .missing(let name): "'\(name)' does not exist"
    case .notAFile(let name): "'\(name)' is not a regular file; expected a picture"
    case .unreadable(let name, let reason): "'\(name)' cannot be read: \(reason)"
    case .empty(let name): "'\(name)' is empty; expected a PNG, JPEG or WebP picture"
    case .tooManyBytes(let name, let bytes, let limit):
      "'\(name)' has \(bytes) bytes; the limit is \(limit)"
    case .unknownFormat(let name): "'\(name)' is not a PNG, JPEG or WebP picture"
    case .tooManyPixels(let name, let width, let height, let limit):
      "'\(name)' is \(width)×\(height) pixels; the limit is \(limit) pixels in all"
    case .sideTooLong(let name, let width, let height, let limit):
      "'\(name)' is \(width)×\(height) pixels; the limit is \(limit) per side"
    case .sideTooShort(let name, let width, let height, let limit):
      "'\(name)' is \(width)×\(height) pixels; expected at least \(limit) per side"
    case .damaged(let name, let format, let reason):
      "'\(name)' is a damaged \(format.title) picture: \(reason)"
    case .unsupported(let name, let format, let feature):
      "'\(name)' is a \(format.title) picture with \(feature), which is not supported"
    case .notEncodable(let format, let reason):
      "the picture cannot be written as \(format.title): \(reason)"
    case .unwritable(let name, let reason): "'\(name)' cannot be written: \(reason)"
    }
  }
}

extension ImageFormat {
  /// The name as people write it.
  var title: String {
    switch self {
    case .png: "PNG"
    case .jpeg: "JPEG"
    case .webp: "WebP"
    }
  }
}
