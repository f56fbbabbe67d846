/// The sizes of a 3×3 convolution with stride 1 and a border of zeros.
public struct ConvolutionShape: Equatable, Sendable {
  /// Pictures, rows and columns; input and output have the same.
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

/// The side of the output tile that a Winograd convolution computes at a time.
public enum WinogradTile: Int, Sendable, CaseIterable {
  /// F(2×2, 3×3): 2.25 times fewer products, error near that of a direct sum.
  case two = 2
  /// F(4×4, 3×3): 4 times fewer products, error about 1e-5 of the largest value.
  case four = 4

  /// Points of the transformed tile: (m + 2)².
  @inlinable public var points: Int { (rawValue + 2) * (rawValue + 2) }
}
