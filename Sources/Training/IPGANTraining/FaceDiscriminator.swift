public import NeuralNetworks
public import Reconstruction
public import Tensors

/// D: DCGAN's discriminator.
public struct FaceDiscriminator: ParameterizedNetwork {
  private let blocks: [ConvBlock]
  private let head: DenseLayer

  /// Creates the network that `architecture` describes.
  public init(_ architecture: IPGANArchitecture) {
    var channels = 3
    blocks = architecture.discriminatorWidths.enumerated().map { index, width in
      defer { channels = width }
      // DCGAN leaves the first layer without normalisation.
      return ConvBlock(
        "block\(index + 1)", .halving, from: channels, to: width, isNormalized: index > 0,
        slope: 0.2)
    }
    head = DenseLayer("head", from: 16 * channels, to: 1)
  }

  public func addParameters(to table: inout ParameterTable, using source: inout WeightSource) {
    for block in blocks { block.addParameters(to: &table, using: &source) }
    head.addParameters(to: &table, using: &source)
  }

  /// f_D, the input of the last dense layer, and the logit of "real".
  public func callAsFunction(_ pictures: Variable, _ pass: ForwardPass)
    -> (features: Variable, logit: Variable)
  {
    let batch = pictures.value.shape[0]
    let features = blocks.reduce(pictures) { $1($0, pass) }
    let flat = features.reshaped([batch, features.value.count / batch])
    return (flat, head(flat, pass))
  }
}
