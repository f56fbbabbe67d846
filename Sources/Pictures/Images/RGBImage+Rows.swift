extension RGBImage {
  /// The bytes of one row's pixels.
  private static func rowBytes(_ width: Int) -> Int { width * 3 }

  /// Copies a picture from rows of red, green and blue bytes in memory, sRGB.
  ///
  /// Sizes are checked before anything is allocated or read.
  ///
  /// - Parameters:
  ///   - rows: all bytes that may be read.
  ///   - width: the number of columns.
  ///   - height: the number of rows.
  ///   - stride: bytes from a row's first value to the next row's; the last row may end early.
  ///   - name: what error messages call the picture.
  ///   - limits: how large it may be.
  /// - Throws: ``ImageError``, or ``PictureRowsError`` if the rows do not lie in the memory.
  public init(
    rows: UnsafeRawBufferPointer, width: Int, height: Int, stride: Int, name: String,
    limits: ImageLimits = .standard
  ) throws {
    try limits.check(width: width, height: height, name: name)
    let rowBytes = Self.rowBytes(width)
    let before = stride.multipliedReportingOverflow(by: height - 1)
    let needed = before.partialValue.addingReportingOverflow(rowBytes)
    guard stride >= rowBytes, !before.overflow, !needed.overflow, needed.partialValue <= rows.count
    else {
      throw PictureRowsError(
        name: name, width: width, height: height, stride: stride, bytes: rows.count)
    }
    let pixels = [UInt8](unsafeUninitializedCapacity: rowBytes * height) { target, filled in
      for row in 0..<height {
        let source = UnsafeRawBufferPointer(rebasing: rows[row * stride..<row * stride + rowBytes])
        UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(target)[row * rowBytes..<(row + 1) * rowBytes]
        ).copyMemory(from: source)
      }
      filled = rowBytes * height
    }
    self.init(width: width, height: height, pixels: pixels)
  }
}

/// Rows of pixels that do not lie in the memory that was given.
public struct PictureRowsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What the caller calls the picture.
  public let name: String
  /// Columns, rows, the bytes between rows, and those that may be read.
  public let width, height, stride, bytes: Int

  public var description: String {
    "'\(name)' has \(bytes) bytes with \(stride) from row to row; expected those of \(width)×\(height) "
      + "pixels of three bytes"
  }
}
