private import Glibc

/// Files that are either the old or the new one, whatever happens while they are written.
public enum AtomicFile {
  /// Writes `bytes` to `path`, replacing a file that is there.
  ///
  /// The bytes go to a temporary file in the same folder, reach the disk (`fsync`), and take the
  /// name in one step (`rename`); then the folder reaches the disk. Two writers of one path leave
  /// one of the two contents. A failed write leaves the old file and no temporary one; if only the
  /// folder cannot be brought to the disk, that is an error, too, and the file is the whole new one.
  ///
  /// It is readable and writable by whom the process's umask lets.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let folder = parts.count == 1 ? "." : parts.dropLast().joined(separator: "/") + "/"
    let random = String(UInt64.random(in: .min ... .max), radix: 36)
    let temporary = (parts.count == 1 ? "" : folder) + ".\(parts.last ?? "").\(random)"

    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .unwritable(path: path, reason: lastSystemError()) }
    var failure = writeAll(bytes, to: descriptor)
    if failure == nil, fsync(descriptor) != 0 { failure = lastSystemError() }
    if close(descriptor) != 0, failure == nil { failure = lastSystemError() }
    if failure == nil, rename(temporary, path) != 0 { failure = lastSystemError() }
    if let failure {
      unlink(temporary)
      throw .unwritable(path: path, reason: failure)
    }
    try synchronise(folder: folder, path: path)
  }

  /// Writes every byte; returns the system's words if it cannot.
  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> String? {
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let count = Glibc.write(
          descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0 {
          if errno == EINTR { continue }
          return lastSystemError()
        }
        rest = rest.dropFirst(count)
      }
      return nil
    }
  }

  /// Makes the new name itself survive a power failure.
  private static func synchronise(folder: String, path: String) throws(FileError) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unwritable(path: path, reason: lastSystemError()) }
    defer { close(descriptor) }
    // Some network file systems cannot synchronise a folder; the file itself is safe there.
    if fsync(descriptor) != 0, errno != EINVAL {
      throw .unwritable(path: path, reason: lastSystemError())
    }
  }
}
