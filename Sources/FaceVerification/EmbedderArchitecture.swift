public import NeuralNetworks
public import SeededRandom
public import Tensors

/// The shape of an embedder: a VGG with batch normalisation.
///
/// Blocks of 3×3 convolutions, each followed by max pooling; the last block by a global average,
/// which is f_I; then a dense layer with batch normalisation, which is f_C, the input of the
/// classifier's last layer.
public struct EmbedderArchitecture: Codable, Equatable, Sendable {
  /// Channels of each block.
  public var widths: [Int]
  /// Convolutions in each block.
  public var convolutions: Int
  /// Numbers in f_C.
  public var embedding: Int
  /// Rows and columns of the input.
  public var side: Int

  /// Creates an architecture.
  public init(
    widths: [Int] = [32, 64, 128, 256, 512], convolutions: Int = 2, embedding: Int = 256,
    side: Int = 128
  ) {
    (self.widths, self.convolutions) = (widths, convolutions)
    (self.embedding, self.side) = (embedding, side)
  }

  /// Numbers in f_I.
  public var identity: Int { widths.last ?? 0 }

  private var blocks: [[ConvBlock]] {
    var channels = 3
    return widths.enumerated().map { index, width in
      (0..<convolutions).map { layer in
        defer { channels = width }
        return ConvBlock("block\(index + 1).conv\(layer + 1)", from: channels, to: width)
      }
    }
  }

  private var head: DenseLayer {
    DenseLayer("embedding", from: identity, to: embedding, isNormalized: true)
  }

  /// Freshly drawn parameters.
  public func initialParameters(using generator: inout SplitMix64) -> ParameterTable {
    var table = ParameterTable()
    for block in blocks.joined() { block.addParameters(to: &table, using: &generator) }
    head.addParameters(to: &table, using: &generator)
    return table
  }

  /// What a forward pass gives.
  public struct Output {
    /// f_I: the last pooling's response, (batch, identity), not negative.
    public let identity: Variable
    /// f_C before it is brought to unit length, (batch, embedding).
    public let embedding: Variable
  }

  /// Computes f_I and f_C of pictures, (batch, side, side, 3) in −1…1.
  public func callAsFunction(_ pictures: Variable, _ pass: ForwardPass) -> Output {
    var x = pictures
    for (index, block) in blocks.enumerated() {
      for layer in block { x = layer(x, pass) }
      if index < blocks.count - 1 { x = x.maxPooled() }
    }
    let identity = x.globallyAveraged()
    return Output(identity: identity, embedding: head(identity, pass))
  }
}
