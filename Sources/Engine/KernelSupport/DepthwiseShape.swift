/// The sizes of a convolution that sums each channel by itself.
public struct DepthwiseShape: Equatable, Sendable {
  /// Pictures, the input's rows and columns, and numbers a pixel.
  public let batch, height, width, channels: Int
  /// Rows and columns of the window, and of the step between two windows.
  public let window, stride: PlaneSize
  /// Rows and columns of zeros before the first pixel; negative ones leave pixels out.
  public let border: PlaneSize
  /// Rows and columns of the output; windows that go beyond the last pixel see zeros there.
  public let output: PlaneSize

  /// Creates a shape.
  ///
  /// - Precondition: all sizes but the border are positive.
  public init(
    batch: Int, height: Int, width: Int, channels: Int, window: PlaneSize, stride: PlaneSize,
    border: PlaneSize, output: PlaneSize
  ) {
    precondition(
      batch > 0 && height > 0 && width > 0 && channels > 0 && window.isPositive
        && stride.isPositive && output.isPositive,
      "a depthwise convolution of \(batch)×\(height)×\(width)×\(channels), window \(window), "
        + "stride \(stride), to \(output)")
    (self.batch, self.height, self.width, self.channels) = (batch, height, width, channels)
    (self.window, self.stride, self.border, self.output) = (window, stride, border, output)
  }
}

/// Rows and columns.
public struct PlaneSize: Equatable, Sendable, Codable, CustomStringConvertible {
  /// Rows.
  public var rows: Int
  /// Columns.
  public var columns: Int

  /// Creates a size.
  public init(_ rows: Int, _ columns: Int) { (self.rows, self.columns) = (rows, columns) }

  /// Whether both are positive.
  public var isPositive: Bool { rows > 0 && columns > 0 }

  public var description: String { "\(rows)×\(columns)" }
}
