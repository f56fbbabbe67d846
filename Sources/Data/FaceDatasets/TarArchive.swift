internal import Files

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

/// The owner of one open archive, read at any place by any thread.
final class OpenFile: Sendable {
  private let file: ReadableFile

  var path: String { file.path }
  var size: Int { file.byteCount }

  init(path: String) throws(TarError) {
    do { file = try ReadableFile(path) } catch {
      if case .notRegular = error {
        throw .unreadable(file: path, reason: "it is not a regular file")
      }
      throw .unreadable(file: path, reason: error.reason)
    }
  }

  /// Reads a part of the file.
  ///
  /// - Precondition: `range` lies within `0..<size`, so that no size is allocated on a promise.
  func bytes(in range: Range<Int>) throws(TarError) -> [UInt8] {
    do { return try file.bytes(in: range) } catch {
      if case .truncated(_, let expected, let found) = error {
        throw .truncated(
          file: path, offset: range.lowerBound, expected: expected, found: found)
      }
      throw .unreadable(file: path, reason: error.reason)
    }
  }
}
