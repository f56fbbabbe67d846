private import Glibc

/// The regular files in a tar archive; only their places are held in memory.
///
/// Reads ustar, GNU and pax headers: long names, names with a prefix, sizes of more than 8 GB.
/// Directories, links and devices are passed over, sparse files told of. Thread-safe.
///
///     let archive = try TarArchive(path: "faces.tar")
///     let bytes = try archive.bytes(of: archive.entries[0])
public struct TarArchive: Sendable {
  /// One regular file.
  public struct Entry: Equatable, Sendable {
    /// The path inside the archive, as written there.
    public let name: String
    /// The place of its bytes in the archive.
    public let range: Range<Int>
  }

  /// The path of the archive.
  public let path: String
  /// The regular files, in the order of the archive.
  public let entries: [Entry]
  /// The names of sparse files, whose bytes are not offered.
  public let sparse: [String]
  private let file: OpenFile

  /// Opens an archive and reads its headers.
  public init(path: String) throws(TarError) {
    file = try OpenFile(path: path)
    var index = TarIndex(file: file)
    try index.readAll()
    (self.path, entries, sparse) = (path, index.entries, index.sparse)
  }

  /// Reads the bytes of one file.
  ///
  /// - Throws: ``TarError`` if the archive became shorter or cannot be read.
  public func bytes(of entry: Entry) throws(TarError) -> [UInt8] {
    try file.bytes(in: entry.range)
  }
}

/// The owner of one open file, read at any place by any thread.
final class OpenFile: Sendable {
  let path: String
  let size: Int
  private let descriptor: Int32

  init(path: String) throws(TarError) {
    // Non-blocking, so that opening a named pipe does not wait for a writer.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .unreadable(file: path, reason: String(cString: strerror(errno)))
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .unreadable(file: path, reason: "it is not a regular file")
    }
    (self.path, self.descriptor, size) = (path, descriptor, Int(status.st_size))
  }

  deinit { close(descriptor) }

  /// Reads a part of the file.
  ///
  /// - Precondition: `range` lies within `0..<size`, so that no size is allocated on a promise.
  func bytes(in range: Range<Int>) throws(TarError) -> [UInt8] {
    precondition(range.lowerBound >= 0 && range.upperBound <= size, "\(range) of \(size) bytes")
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { bytes, filled in
      while filled < range.count {
        let count = pread(
          descriptor, bytes.baseAddress.map { $0 + filled }, range.count - filled,
          range.lowerBound + filled)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { break }
        filled += count
      }
    }
    guard bytes.count == range.count else {
      throw .truncated(
        file: path, offset: range.lowerBound, expected: range.count, found: bytes.count)
    }
    return bytes
  }
}
