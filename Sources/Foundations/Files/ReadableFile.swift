private import Glibc

/// The owner of one regular file open for reading; any thread may read any part.
public final class ReadableFile: Sendable {
  /// The path it was opened by.
  public let path: String
  /// The file's length when it was opened, in bytes.
  public let byteCount: Int
  private let descriptor: Int32

  /// Opens a file.
  ///
  /// - Throws: ``FileError/missing(path:)``, ``FileError/notRegular(path:)`` or
  ///   ``FileError/unreadable(path:reason:)``.
  public init(_ path: String) throws(FileError) {
    // Opening a named pipe would otherwise wait for a writer; regular files do not care.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { throw .missing(path: path) }
      throw .unreadable(path: path, reason: lastSystemError())
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let reason = lastSystemError()
      close(descriptor)
      throw .unreadable(path: path, reason: reason)
    }
    // A pipe or a folder has no length to check limits against.
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .notRegular(path: path)
    }
    (self.path, self.descriptor, byteCount) = (path, descriptor, Int(status.st_size))
  }

  deinit { close(descriptor) }

  /// Reads a part of the file.
  ///
  /// - Precondition: `range` lies within `0..<byteCount`, so that no size is allocated on a promise.
  /// - Throws: ``FileError/unreadable(path:reason:)`` or
  ///   ``FileError/truncated(path:expected:found:)``.
  public func bytes(in range: Range<Int>) throws(FileError) -> [UInt8] {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= byteCount, "\(range) of \(byteCount) bytes")
    var failure: String?
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { bytes, filled in
      while filled < range.count {
        let count = pread(
          descriptor, bytes.baseAddress.map { $0 + filled }, range.count - filled,
          range.lowerBound + filled)
        if count < 0 && errno == EINTR { continue }
        if count < 0 { failure = lastSystemError() }
        guard count > 0 else { break }
        filled += count
      }
    }
    if let failure { throw .unreadable(path: path, reason: failure) }
    guard bytes.count == range.count else {
      throw .truncated(path: path, expected: range.count, found: bytes.count)
    }
    return bytes
  }

  /// Reads the whole file.
  ///
  /// - Throws: ``FileError/tooLarge(path:bytes:limit:)``, before memory is taken, and what
  ///   ``bytes(in:)`` throws.
  public func bytes(limit: Int) throws(FileError) -> [UInt8] {
    guard byteCount <= limit else {
      throw .tooLarge(path: path, bytes: byteCount, limit: limit)
    }
    return try bytes(in: 0..<byteCount)
  }

  /// Reads the whole file at `path`, refused before memory is taken if it is longer than `limit` bytes.
  ///
  /// - Throws: ``FileError``.
  public static func bytes(of path: String, limit: Int) throws(FileError) -> [UInt8] {
    try ReadableFile(path).bytes(limit: limit)
  }
}

/// The words for the calling thread's last failed system call.
public func lastSystemError() -> String { String(cString: strerror(errno)) }
