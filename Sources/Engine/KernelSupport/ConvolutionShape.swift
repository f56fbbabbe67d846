/// The sizes of a convolution.
public struct ConvolutionShape: Equatable, Sendable {
  /// Pictures, and the input's rows and columns; with stride 1 the output has the same.
  public let batch, height, width: Int
  /// Numbers a pixel in the input and in the output.
  public let inputChannels, outputChannels: Int

  /// Creates a shape.
  ///
  /// - Precondition: every size is positive.
  public init(batch: Int, height: Int, width: Int, inputChannels: Int, outputChannels: Int) {
    precondition(
      batch > 0 && height > 0 && width > 0 && inputChannels > 0 && outputChannels > 0,
      "convolution of \(batch)×\(height)×\(width)×\(inputChannels) to \(outputChannels) channels")
    (self.batch, self.height, self.width) = (batch, height, width)
    (self.inputChannels, self.outputChannels) = (inputChannels, outputChannels)
  }

  /// The shape of the convolution that computes the input's gradient from the output's.
  public var transposed: ConvolutionShape {
    ConvolutionShape(
      batch: batch, height: height, width: width,
      inputChannels: outputChannels, outputChannels: inputChannels)
  }
}

/// The window of a convolution by direct sums.
public struct ConvolutionWindow: Equatable, Sendable {
  /// Rows and columns of the window, the step between two windows, and the border of zeros.
  public let side, stride, border: Int

  /// Creates a window.
  ///
  /// - Precondition: side and stride are positive, the border is not negative.
  public init(side: Int, stride: Int, border: Int) {
    precondition(
      side > 0 && stride > 0 && border >= 0, "window of \(side), stride \(stride), border \(border)"
    )
    (self.side, self.stride, self.border) = (side, stride, border)
  }

  /// 3×3, stride 1: the size stays.
  public static let same = ConvolutionWindow(side: 3, stride: 1, border: 1)
  /// 4×4, stride 2: the size is halved (DCGAN).
  public static let halving = ConvolutionWindow(side: 4, stride: 2, border: 1)

  /// The numbers of one input channel that a window covers.
  @inlinable public var taps: Int { side * side }

  /// Windows along an axis of `length` pixels; 0 if not even one fits.
  @inlinable public func outputs(along length: Int) -> Int {
    let room = length + 2 * border - side
    return room < 0 ? 0 : room / stride + 1
  }
}
