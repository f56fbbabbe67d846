/// How accurately 3×3 convolutions are computed.
public enum WinogradTile: Int, Sendable, CaseIterable {
  /// F(2×2, 3×3): 2.25 times fewer products, error near that of a direct sum.
  case two = 2
  /// F(4×4, 3×3): 4 times fewer products, error about 1e-5 of the largest value.
  case four = 4

  /// The scheme of a convolution with stride 1.
  @inlinable public var scheme: WinogradScheme { self == .four ? .four : .two }
}

/// A fast scheme for 3×3 convolutions with stride 1 and a border of zeros.
///
/// A tile of the input becomes points, points are multiplied by transformed weights, channel by
/// channel, and products become a tile of the output.
///
/// Reference: Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016.
public enum WinogradScheme: Sendable, CaseIterable {
  /// F(2×2, 3×3).
  case two
  /// F(4×4, 3×3).
  case four
  /// F(5×5, 3×3): its 49 products do the work of 225, and cover maps of 5×5 and 10×10 without a rest.
  ///
  /// Its error is one and a half times that of ``four``; nothing is pooled on the way.
  case five
  /// F(4×4, 3×3) of an input whose pixels are first repeated in 2×2 blocks.
  ///
  /// Of the six points of four outputs one is then always zero, so 25 products do the work of 36,
  /// and the enlarged input is never written to memory.
  case upsampling
  /// F(4×4, 3×3) whose outputs are added up in 2×2 blocks: carries gradients back through
  /// ``upsampling``, again with 25 products.
  case summing

  /// Points along an axis of a tile.
  @inlinable public var pointsPerAxis: Int {
    switch self {
    case .two: 4
    case .four: 6
    case .five: 7
    case .upsampling, .summing: 5
    }
  }

  /// Points of a tile.
  @inlinable public var points: Int { pointsPerAxis * pointsPerAxis }

  /// Input pixels along an axis of a tile, and the step from tile to tile.
  @inlinable public var input: (side: Int, step: Int) {
    switch self {
    case .two: (4, 2)
    case .four, .summing: (6, 4)
    case .five: (7, 5)
    case .upsampling: (4, 2)
    }
  }

  /// Pixels of the largest square that is read or written for a tile.
  @inlinable public var edge: Int { max(input.side * input.side, outputSide * outputSide) }

  /// Output pixels along an axis of a tile.
  @inlinable public var outputSide: Int {
    switch self {
    case .two, .summing: 2
    case .four, .upsampling: 4
    case .five: 5
    }
  }

  /// Output pixels along an axis with `length` input pixels.
  @inlinable public func outputs(along length: Int) -> Int {
    switch self {
    case .two, .four, .five: length
    case .upsampling: 2 * length
    case .summing: length / 2
    }
  }

  /// The scheme of fewest products for `height` × `width` outputs whose rounding is not laid down: a
  /// training's. Products are a seventh fewer at least, since ``five`` has the dearer transforms.
  public func fitted(height: Int, width: Int) -> WinogradScheme {
    guard self == .four else { return self }
    func products(_ scheme: WinogradScheme) -> Int {
      let side = scheme.outputSide
      return (height + side - 1) / side * ((width + side - 1) / side) * scheme.points
    }
    return 7 * products(.five) <= 6 * products(.four) ? .five : .four
  }

  /// Whether a convolution does better to transform its weights while it uses them.
  ///
  /// That is where the packed weights would not stay in a cache and few tiles share the work.
  public func streamsWeights(_ shape: ConvolutionShape) -> Bool {
    let side = outputSide
    let tiles =
      shape.batch * ((outputs(along: shape.height) + side - 1) / side)
      * ((outputs(along: shape.width) + side - 1) / side)
    return tiles <= 24 && points * shape.inputChannels * shape.outputChannels > 1 << 18
  }
}
