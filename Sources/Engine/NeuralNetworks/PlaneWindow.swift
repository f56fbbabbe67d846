public import KernelSupport

/// A window that moves over rows and columns: of any size, step and border.
public struct PlaneWindow: Equatable, Sendable {
  /// Rows and columns of the window.
  public let size: PlaneSize
  /// Rows and columns from one window to the next.
  public let stride: PlaneSize
  /// Rows and columns outside the picture before its first pixel; those after its last one are what the
  /// output takes.
  public let border: PlaneSize
  /// Rows and columns of windows.
  public let output: PlaneSize

  /// Creates a window.
  ///
  /// - Precondition: sizes but the border are positive.
  public init(size: PlaneSize, stride: PlaneSize, border: PlaneSize, output: PlaneSize) {
    precondition(
      size.isPositive && stride.isPositive && output.isPositive && border.rows >= 0
        && border.columns >= 0,
      "a window of \(size), stride \(stride), border \(border), \(output) times")
    (self.size, self.stride, self.border, self.output) = (size, stride, border, output)
  }

  /// The rows of a picture that a row of windows sees, as places within the window.
  func rows(of row: Int, height: Int) -> Range<Int> {
    Self.inside(row * stride.rows - border.rows, size.rows, height)
  }

  /// The columns of a picture that a column of windows sees, as places within the window.
  func columns(of column: Int, width: Int) -> Range<Int> {
    Self.inside(column * stride.columns - border.columns, size.columns, width)
  }

  private static func inside(_ first: Int, _ count: Int, _ length: Int) -> Range<Int> {
    let lower = min(count, max(0, -first))
    return lower..<max(lower, min(count, length - first))
  }

  /// The same step and border along both axes, as kernels for direct sums take them; nil otherwise.
  func square(height: Int, width: Int) -> ConvolutionWindow? {
    guard size.rows == size.columns, stride.rows == stride.columns, border.rows == border.columns
    else { return nil }
    let window = ConvolutionWindow(side: size.rows, stride: stride.rows, border: border.rows)
    guard window.outputs(along: height) == output.rows,
      window.outputs(along: width) == output.columns
    else { return nil }
    return window
  }
}
