public import NeuralNetworks
public import Reconstruction
public import Tensors

/// D: DCGAN's discriminator, or one that judges patches.
///
/// It judges in trainings alone, never at a door, so it is always computed by the fastest tiles.
public struct FaceDiscriminator: ParameterizedNetwork {
  private let blocks: [ConvBlock]
  private let head: Head

  /// What gives the verdict.
  private enum Head: Sendable {
    case picture(DenseLayer)
    case patches(ConvBlock)
  }

  /// Creates the network that `architecture` describes.
  public init(_ architecture: IPGANArchitecture) {
    var channels = 3
    let isNormalized = architecture.discriminator == .dcgan
    blocks = architecture.discriminatorWidths.enumerated().map { index, width in
      defer { channels = width }
      // DCGAN leaves the first layer without normalisation.
      return ConvBlock(
        "block\(index + 1)", .halving, from: channels, to: width,
        isNormalized: isNormalized && index > 0, slope: 0.2, fitsTiles: true)
    }
    head =
      switch architecture.discriminator {
      case .dcgan: .picture(DenseLayer("head", from: 16 * channels, to: 1))
      case .patches:
        .patches(
          ConvBlock("head", from: channels, to: 1, isNormalized: false, slope: 1, fitsTiles: true))
      }
  }

  public func addParameters(to table: inout ParameterTable, using source: inout WeightSource) {
    for block in blocks { block.addParameters(to: &table, using: &source) }
    switch head {
    case .picture(let layer): layer.addParameters(to: &table, using: &source)
    case .patches(let block): block.addParameters(to: &table, using: &source)
    }
  }

  /// f_D and the logits of "real".
  ///
  /// For verdicts on pictures f_D is the input of the last dense layer; for verdicts on patches it is
  /// what each block gives.
  public func callAsFunction(_ pictures: Variable, _ pass: ForwardPass)
    -> (features: [Variable], logits: Variable)
  {
    let batch = pictures.value.shape[0]
    var (x, features) = (pictures, [Variable]())
    for block in blocks {
      x = block(x, pass)
      features.append(x)
    }
    switch head {
    case .picture(let layer):
      let flat = x.reshaped([batch, x.value.count / batch])
      return ([flat], layer(flat, pass))
    case .patches(let block): return (features, block(x, pass))
    }
  }
}
