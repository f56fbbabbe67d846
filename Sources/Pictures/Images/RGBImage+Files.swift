private import Files

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
    let file: ReadableFile
    do { file = try ReadableFile(path) } catch { throw ImageError(error) }
    try limits.check(byteCount: file.byteCount, name: path)
    do { return try file.bytes(limit: limits.bytes) } catch { throw ImageError(error) }
  }

  /// Writes the picture to a file as PNG; see ``pngData()``.
  ///
  /// The file appears complete or not at all: bytes go to a temporary file beside it, reach the
  /// disk, and take its name.
  public func writePNG(to path: String) throws(ImageError) {
    try Self.write(pngData(), to: path)
  }

  /// Writes the picture to a file as JPEG; see ``jpegData(quality:subsampling:)``.
  public func writeJPEG(
    to path: String, quality: Int, subsampling: ChromaSubsampling = .halved
  ) throws(ImageError) {
    try Self.write(jpegData(quality: quality, subsampling: subsampling), to: path)
  }

  private static func write(_ bytes: [UInt8], to path: String) throws(ImageError) {
    do { try AtomicFile.write(bytes, to: path) } catch { throw ImageError(error) }
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

extension ImageError {
  /// What a file's error means to whoever wanted a picture.
  fileprivate init(_ error: FileError) {
    self =
      switch error {
      case .missing(let path): .missing(name: path)
      case .notRegular(let path): .notAFile(name: path)
      case .tooLarge(let path, let bytes, let limit):
        .tooManyBytes(name: path, bytes: bytes, limit: limit)
      case .unreadable, .truncated: .unreadable(name: error.path, reason: error.reason)
      case .unwritable: .unwritable(name: error.path, reason: error.reason)
      }
  }
}
