/// Why a file could not be read or written.
public enum FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is no file at this path.
  case missing(path: String)
  /// The path leads to a folder, a device or a pipe.
  case notRegular(path: String)
  /// The operating system refused to read the file.
  case unreadable(path: String, reason: String)
  /// The file is longer than the limit, in bytes.
  case tooLarge(path: String, bytes: Int, limit: Int)
  /// The file ends before the bytes asked for, which it had when it was opened.
  case truncated(path: String, expected: Int, found: Int)
  /// The operating system refused to write the file.
  case unwritable(path: String, reason: String)

  public var description: String {
    switch self {
    case .missing, .notRegular, .unreadable: "cannot read '\(path)': \(reason)"
    case .tooLarge(let path, let bytes, let limit):
      "file '\(path)' has \(bytes) bytes; the limit is \(limit)"
    case .truncated(let path, let expected, let found):
      "file '\(path)' became shorter: \(found) bytes could be read; expected \(expected)"
    case .unwritable: "cannot write '\(path)': \(reason)"
    }
  }

  /// The file.
  public var path: String {
    switch self {
    case .missing(let path), .notRegular(let path), .unreadable(let path, _),
      .tooLarge(let path, _, _), .truncated(let path, _, _), .unwritable(let path, _):
      path
    }
  }

  /// What is wrong, without the file's name.
  public var reason: String {
    switch self {
    case .missing: "No such file or directory"
    case .notRegular: "not a regular file"
    case .unreadable(_, let reason), .unwritable(_, let reason): reason
    case .tooLarge(_, let bytes, let limit): "\(bytes) bytes; the limit is \(limit)"
    case .truncated(_, let expected, let found): "\(found) bytes; expected \(expected)"
    }
  }
}
