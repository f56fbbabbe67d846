import Embedders
import IPGANTraining
import JSON
import KernelSupport
import NeuralNetworks
import Reconstruction
import SeededRandom
import Tensors

/// The project's networks in use: normalisation folded, nothing recorded.
enum NetworkCases {
  /// The embedder that ships: f_I is a 4×4 map.
  static let embedder = EmbedderArchitecture(convolutions: [1, 2, 2, 3, 2])
  /// The shape of the embedders that are trained now, on faces as they see them.
  static let residual = EmbedderArchitecture(
    widths: [48, 96, 192, 384], convolutions: [1, 3, 3, 3], embedding: 128,
    view: FaceView(side: 80), kind: .residual, slope: 0.2)
  /// A, G and D for the one that ships.
  static let ipgan = IPGANArchitecture(for: embedder.shape)

  /// Every network case.
  static var all: [BenchmarkCase] {
    [1, 16].flatMap { batch in
      [
        embedder(batch, "embedder", tile: .four),
        embedder(batch, "embedder-accurate", tile: .two),
        forward("encoder", ipgan, batch, AttributeEncoder(ipgan).initialParameters) {
          let (mean, logVariance) = AttributeEncoder(ipgan)($0, $1)
          return mean.joined(columnsOf: logVariance)
        },
        generator(batch),
        forward("discriminator", ipgan, batch, FaceDiscriminator(ipgan).initialParameters) {
          FaceDiscriminator(ipgan)($0, $1).logits
        },
      ]
    } + [pixelGradient("pixel-gradient", embedder, batch: 16)]
      + [1, 8].map { pixelGradient("pixel-gradient-residual", residual, batch: $0) }
  }

  private static func embedder(_ batch: Int, _ name: String, tile: WinogradTile) -> BenchmarkCase {
    forward(name, embedder, batch, embedder.initialParameters, tile: tile) {
      embedder($0, $1).embedding
    }
  }

  /// A network from pictures to rows of numbers.
  private static func forward(
    _ name: String, _ architecture: some Encodable, _ batch: Int,
    _ parameters: @escaping (inout SplitMix64) -> ParameterTable, tile: WinogradTile = .four,
    _ compute: @escaping (Variable, ForwardPass) -> Variable
  ) -> BenchmarkCase {
    BenchmarkCase(
      name: "network/\(name)/b\(batch)", description: described(name, architecture),
      work: .pictures(batch)
    ) {
      var random = SplitMix64(seed: 1)
      let table = parameters(&random).settled(using: &random).foldingNormalization()
      let x = Variable(pictures(batch, using: &random))
      var inputs = table
      inputs["x"] = x.value
      return PreparedCase(inputs: inputs) {
        let pass = ForwardPass(table, mode: .inference, tracksParameters: false, tile: tile)
        return ParameterTable([("y", compute(x, pass).value)])
      }
    }
  }

  private static func generator(_ batch: Int) -> BenchmarkCase {
    BenchmarkCase(
      name: "network/generator/b\(batch)", description: described("generator", ipgan),
      work: .pictures(batch)
    ) {
      var random = SplitMix64(seed: 1)
      let network = FaceGenerator(ipgan)
      let table = network.initialParameters(using: &random).settled(using: &random)
        .foldingNormalization()
      let identity = Tensor.normal([batch, ipgan.known], using: &random).map { max(0, $0) }
      let latent = Tensor.normal([batch, ipgan.latent], using: &random)
      var inputs = table
      (inputs["identity"], inputs["latent"]) = (identity, latent)
      return PreparedCase(inputs: inputs) {
        let pass = ForwardPass(table, mode: .inference, tracksParameters: false)
        let y = network(Variable(identity), Variable(latent), pass)
        return ParameterTable([("y", y.value)])
      }
    }
  }

  /// ∂‖f_C(x) − f_C(target)‖²/∂x, what an attack asks for at every step.
  private static func pixelGradient(
    _ name: String, _ embedder: EmbedderArchitecture, batch: Int
  ) -> BenchmarkCase {
    BenchmarkCase(
      name: "network/\(name)/b\(batch)",
      description: described("pixel-gradient", embedder), work: .pictures(batch)
    ) {
      var random = SplitMix64(seed: 1)
      let network = FaceEmbedder(
        embedder, embedder.initialParameters(using: &random).settled(using: &random))
      let x = Variable(tracked: pictures(batch, side: embedder.view.pixels, using: &random))
      let target = Variable(
        Tensor.normal([batch, embedder.embedding], using: &random)
      ).unitRows()
      var inputs = network.parameters
      (inputs["x"], inputs["target"]) = (x.value, target.value)
      return PreparedCase(inputs: inputs) {
        let distance = network.unitEmbeddings(of: x).squaredRowDistances(to: target).sum()
        return ParameterTable([("y", gradients(of: distance, withRespectTo: [x])[0])])
      }
    }
  }

  /// Noise in the range of pictures, (batch, 128, 128, 3) in −1…1.
  static func pictures(
    _ batch: Int, side: Int = FaceView.faceSide, using random: inout SplitMix64
  ) -> Tensor {
    Tensor.normal([batch, side, side, 3], deviation: 0.5, using: &random)
      .map { max(-1, min(1, $0)) }
  }

  /// The kind of a computation, and the settings that its networks are built from.
  static func described(_ kind: String, _ settings: some Encodable) -> [String: JSONValue] {
    guard let members = try? [String: JSONValue](describing: settings) else {
      preconditionFailure("settings that do not encode as an object: \(settings)")
    }
    return ["kind": .string(kind), "settings": .object(members)]
  }
}

extension ParameterTable {
  /// The table with normalisation as after training, so that folding it in changes the weights.
  func settled(using random: inout SplitMix64) -> ParameterTable {
    var result = self
    for name in names {
      guard let tensor = self[name] else { continue }
      let noise = Tensor.normal(tensor.shape, deviation: 0.1, using: &random)
      switch name.split(separator: ".").last {
      case "gamma", "running_variance": result[name] = noise.map { 1 + max(-0.5, $0) }
      case "beta", "bias", "running_mean": result[name] = noise
      default: break
      }
    }
    return result
  }
}
