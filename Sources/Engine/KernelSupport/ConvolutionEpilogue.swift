/// What happens to the outputs of a convolution while they are still in the cache.
///
/// In this order: the bias is added, sums are gathered, the activation applied, blocks pooled.
public struct ConvolutionEpilogue {
  /// One number a channel, or none.
  public var bias: Source?
  /// The activation: slope · y where y < 0; 1 for none, 0 for ReLU.
  public var slope: Float
  /// Whether the largest of each 2×2 block is kept; an odd last row or column is dropped.
  public var isPooled: Bool
  /// Gets the sum of each channel and then the sums of squares, for batch normalisation.
  public var sums: UnsafeMutablePointer<Double>?

  /// Creates an epilogue; nothing happens if nothing is given.
  ///
  /// - Precondition: sums are gathered of outputs without bias, activation and pooling.
  public init(
    bias: Source? = nil, slope: Float = 1, isPooled: Bool = false,
    sums: UnsafeMutablePointer<Double>? = nil
  ) {
    precondition(
      sums == nil || (bias == nil && slope == 1 && !isPooled), "sums of changed outputs")
    (self.bias, self.slope, self.isPooled, self.sums) = (bias, slope, isPooled, sums)
  }
}
