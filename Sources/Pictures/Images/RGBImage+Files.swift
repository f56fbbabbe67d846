private import Glibc

extension RGBImage {
  /// Reads and decodes the picture in a file; see ``decode(_:name:limits:)``.
  ///
  /// The file's kind and size are checked before it is read.
  ///
  /// - Throws: ``ImageError``, which names the file by its path.
  public static func read(
    path: String, limits: ImageLimits = .standard
  ) throws(ImageError) -> DecodedImage {
    try decode(fileBytes(path: path, limits: limits), name: path, limits: limits)
  }

  /// Reads a picture file without decoding it.
  ///
  /// The file's kind and size are checked first.
  ///
  /// - Throws: ``ImageError``, which names the file by its path.
  public static func fileBytes(
    path: String, limits: ImageLimits = .standard
  ) throws(ImageError) -> [UInt8] {
    // Non-blocking, so that opening a named pipe does not wait for a writer.
    let file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { throw .missing(name: path) }
      throw .unreadable(name: path, reason: systemMessage())
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else {
      throw .unreadable(name: path, reason: systemMessage())
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(name: path) }
    let size = Int(status.st_size)
    try limits.check(byteCount: size, name: path)
    var received = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { bytes, filled in
      while filled < size {
        received = Glibc.read(file, bytes.baseAddress.map { $0 + filled }, size - filled)
        if received < 0 && errno == EINTR { continue }
        guard received > 0 else { break }
        filled += received
      }
    }
    guard received >= 0 else { throw .unreadable(name: path, reason: systemMessage()) }
    return bytes
  }

  /// Writes the picture to a file as PNG; see ``pngData()``.
  ///
  /// The file appears complete or not at all: bytes go to a temporary file beside it, reach the
  /// disk, and take its name.
  public func writePNG(to path: String) throws(ImageError) {
    try AtomicFile.write(pngData(), to: path)
  }

  /// Writes the picture to a file as JPEG; see ``jpegData(quality:subsampling:)``.
  public func writeJPEG(
    to path: String, quality: Int, subsampling: ChromaSubsampling = .halved
  ) throws(ImageError) {
    try AtomicFile.write(jpegData(quality: quality, subsampling: subsampling), to: path)
  }

  /// Returns the picture as a PNG file, without loss and without metadata.
  public func pngData() throws(ImageError) -> [UInt8] { try PNGCodec.encode(self) }

  /// Returns the picture as a baseline JPEG file.
  ///
  /// - Precondition: `quality` is in 1…100; larger is better.
  public func jpegData(
    quality: Int, subsampling: ChromaSubsampling = .halved
  ) throws(ImageError) -> [UInt8] {
    try JPEGCodec.encode(self, quality: quality, subsampling: subsampling)
  }
}

/// The system's words for the last error.
private func systemMessage() -> String { String(cString: strerror(errno)) }

/// Files that appear complete or not at all.
private enum AtomicFile {
  static func write(_ bytes: [UInt8], to path: String) throws(ImageError) {
    var template = Array("\(path).XXXXXX".utf8CString)
    let file = mkstemp(&template)
    guard file >= 0 else { throw .unwritable(name: path, reason: systemMessage()) }
    let name = template.dropLast().map { UInt8(bitPattern: $0) }
    let temporary = String(decoding: name, as: UTF8.self)
    do {
      defer { close(file) }
      var written = 0
      while written < bytes.count {
        let count = bytes.withUnsafeBytes { bytes in
          Glibc.write(file, bytes.baseAddress.map { $0 + written }, bytes.count - written)
        }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw failure(path, temporary) }
        written += count
      }
      // mkstemp makes files private; a picture is as readable as any other output.
      guard fchmod(file, 0o644) == 0, fsync(file) == 0 else { throw failure(path, temporary) }
    }
    guard rename(temporary, path) == 0 else { throw failure(path, temporary) }
  }

  private static func failure(_ path: String, _ temporary: String) -> ImageError {
    let reason = systemMessage()
    unlink(temporary)
    return .unwritable(name: path, reason: reason)
  }
}
