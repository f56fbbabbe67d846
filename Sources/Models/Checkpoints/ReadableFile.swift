private import Glibc

/// The owner of one file descriptor open for reading.
package struct ReadableFile: ~Copyable {
  private let descriptor: Int32
  private let path: String
  /// The file's length when it was opened, in bytes.
  package let byteCount: Int

  package init(_ path: String) throws(CheckpointError) {
    // Opening a named pipe would otherwise wait for a writer; regular files do not care.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    self.path = path
    guard descriptor >= 0 else { throw .unreadable(path: path, reason: lastSystemError()) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let reason = lastSystemError()
      close(descriptor)
      throw .unreadable(path: path, reason: reason)
    }
    // A pipe or a folder has no length to check limits against.
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .unreadable(path: path, reason: "not a regular file")
    }
    byteCount = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Fills the front of `buffer` and returns the number of bytes read; 0 at the end.
  func read(into buffer: inout [UInt8]) throws(CheckpointError) -> Int {
    while true {
      let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 { return count }
      if errno != EINTR { throw .unreadable(path: path, reason: lastSystemError()) }
    }
  }

  /// The whole file, refused before memory is taken if it is longer than `limit` bytes.
  package static func bytes(of path: String, limit: Int) throws(CheckpointError) -> [UInt8] {
    let file = try ReadableFile(path)
    guard file.byteCount <= limit else {
      throw .tooLarge(
        what: "file '\(path)'", bytes: UInt64(file.byteCount), limit: UInt64(limit))
    }
    var bytes = [UInt8](repeating: 0, count: file.byteCount)
    var filled = 0
    while filled < bytes.count {
      let count = bytes.withUnsafeMutableBytes { buffer -> Int in
        Glibc.read(
          file.descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw .unreadable(path: path, reason: lastSystemError())
      }
      if count == 0 {
        throw .truncated(expected: UInt64(bytes.count), found: UInt64(filled))
      }
      filled += count
    }
    return bytes
  }
}

/// The words for the calling thread's last failed system call.
package func lastSystemError() -> String { String(cString: strerror(errno)) }
