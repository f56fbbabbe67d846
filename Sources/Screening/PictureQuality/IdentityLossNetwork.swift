package import NeuralNetworks
private import SeededRandom
public import Tensors

/// A small network that predicts from an embedding how far the picture's condition has moved it from that of
/// the untouched picture.
///
/// Poor pictures of all people gather in few places of the sphere, whatever made them poor: so an embedding
/// tells by itself how little it shows. What is predicted is the distance² to the untouched picture's
/// embedding, cut at 2, where strangers lie.
public struct IdentityLossNetwork: Sendable {
  /// Numbers in the hidden layer.
  public static let hidden = 32
  /// The largest distance² that is told apart.
  public static let largestLoss: Float = 2

  private let layers: [DenseLayer]
  /// Numbers of an embedding.
  public let width: Int
  /// The weights.
  public package(set) var parameters = ParameterTable()

  /// Creates an untrained network for embeddings of so many numbers.
  public init(width: Int, seed: UInt64 = 1) {
    self.width = width
    layers = [
      DenseLayer("identity_loss.hidden", from: width, to: Self.hidden, slope: 0.2),
      DenseLayer("identity_loss.output", from: Self.hidden, to: 1),
    ]
    var source = WeightSource(SplitMix64(seed: seed).derived(from: "identity loss"))
    for layer in layers { layer.addParameters(to: &parameters, using: &source) }
  }

  /// The predicted distance² of each row of unit length.
  public func losses(of embeddings: [[Float]]) -> [Double] {
    guard !embeddings.isEmpty else { return [] }
    let pass = ForwardPass(parameters, mode: .inference, tracksParameters: false)
    return callAsFunction(input(embeddings), pass).value.numbers.map(Double.init)
  }

  /// Embeddings as the network gets them: numbers of variance 1.
  package func input(_ embeddings: [[Float]]) -> Variable {
    let scale = Float(width).squareRoot()
    return Variable(
      Tensor(embeddings.flatMap { $0.map { $0 * scale } }, shape: [embeddings.count, width]))
  }

  /// The predictions, (batch, 1).
  package func callAsFunction(_ rows: Variable, _ pass: ForwardPass) -> Variable {
    layers.reduce(rows) { $1($0, pass) }
  }
}
