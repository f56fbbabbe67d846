import Embedders
import NetworkGraphs
import NeuralNetworks
import ONNXExports
import ONNXFiles
import ONNXNetworks
import Reconstruction
import SeededRandom
import Tensors
import TestSupport
import Testing

/// Networks written as ONNX and taken over again: the same numbers. onnxruntime looks at the same files in
/// `Tests/ONNXComparison`.
@Suite struct ONNXExportsTests {
  private static func faces(_ count: Int, side: Int = FaceView.faceSide) -> Tensor {
    Tensor(
      joining: (0..<count).map { person in
        let random = (0..<side * side * 3).map { place in
          Float((place * (person + 3) * 7919) % 255) / 127.5 - 1
        }
        return Tensor(random, shape: [1, side, side, 3])
      })
  }

  /// The bytes of a file, read again.
  private static func reread(_ model: ONNXModel) throws -> ONNXModel {
    try ONNXModel(bytes: model.bytes(producer: "test"))
  }

  private static func largestDifference(_ a: Tensor, _ b: Tensor) -> Float {
    guard a.count == b.count, a.count > 0 else { return .infinity }
    let size = b.numbers.map(abs).max() ?? 1
    return zip(a.numbers, b.numbers).map { abs($0 - $1) }.max().map { $0 / max(1, size) }
      ?? .infinity
  }

  /// A trained network's parameters with statistics and slopes that are no defaults.
  private static func parameters(of network: some ParameterizedNetwork, seed: UInt64)
    -> ParameterTable
  {
    var random = SplitMix64(seed: seed)
    var table = network.initialParameters(using: &random)
    for name in table.names {
      guard let tensor = table[name], tensor.shape.count == 1 else { continue }
      let isPositive = name.hasSuffix("gamma") || name.hasSuffix("variance")
      table[name] = Tensor(
        (0..<tensor.count).map { _ in random.uniform(in: isPositive ? 0.5...1.5 : -0.2...0.2) },
        shape: tensor.shape)
    }
    return table
  }

  static let architectures = [
    EmbedderArchitecture(
      widths: [8, 12], convolutions: [2, 1], head: .map, embedding: 16,
      view: FaceView(resolution: 16)),
    EmbedderArchitecture(
      widths: [8, 12], convolutions: [1, 2], head: .average, embedding: 16,
      view: .greyMiddle),
    EmbedderArchitecture(
      widths: [8, 12, 16], convolutions: [1, 3, 3], head: .map, embedding: 24,
      view: FaceView(top: 3, left: 10, side: 96, resolution: 32), kind: .residual, slope: 0.2),
    EmbedderArchitecture(
      widths: [4, 4], convolutions: [1, 1], head: .average, embedding: 8,
      view: FaceView(), slope: 1),
  ]

  @Test("an embedder comes back with the same f_C and f_I", arguments: architectures)
  func embedders(architecture: EmbedderArchitecture) throws {
    let embedder = FaceEmbedder(architecture, Self.parameters(of: architecture, seed: 3))
    let model = try Self.reread(ONNXModel(embedder))
    let network = try ONNXEmbedder(model, identity: "identity").network
    #expect(network.graph.input == [128, 128, 3])
    let x = Variable(Self.faces(3))
    let (own, found) = (embedder.features(of: x), network(x))
    #expect(Self.largestDifference(found.embedding.value, own.embedding.value) < 1e-5)
    #expect(Self.largestDifference(found.identity.value, own.identity.value) < 1e-5)
  }

  @Test("a network from elsewhere comes back with the same results, whatever it is made of")
  func imported() throws {
    let weights = { (count: Int) in (0..<count).map { (i: Int) in Float(i * 37 % 101) / 101 - 0.5 }
    }
    func tensor(_ shape: [Int]) -> ONNXTensor {
      ONNXTensor(shape: shape, .floats(weights(shape.reduce(1, *))))
    }
    func node(
      _ operation: String, _ inputs: [String], _ output: String,
      _ attributes: [String: ONNXAttribute] = [:]
    ) -> ONNXNode {
      ONNXNode(operation, inputs: inputs, outputs: [output], attributes: attributes)
    }
    let nodes = [
      node(
        "Conv", ["x", "w1"], "a", ["strides": .integers([2, 2]), "pads": .integers([2, 0, 1, 1])]),
      node("PRelu", ["a", "s1"], "b"),
      node("Conv", ["b", "w2"], "c", ["group": .integer(4), "pads": .integers([1, 1, 1, 1])]),
      node("Clip", ["c", "zero", "six"], "d"), node("Add", ["d", "b"], "e"),
      node(
        "MaxPool", ["e"], "f",
        [
          "kernel_shape": .integers([3, 3]), "strides": .integers([2, 2]),
          "pads": .integers([1, 1, 1, 1]),
        ]),
      node(
        "AveragePool", ["f"], "g",
        [
          "kernel_shape": .integers([3, 3]), "pads": .integers([1, 1, 1, 1]),
          "count_include_pad": .integer(1),
        ]),
      node("GlobalAveragePool", ["g"], "h"), node("HardSigmoid", ["h"], "i"),
      node("Mul", ["g", "i"], "j"), node("Tanh", ["j"], "k"), node("HardSwish", ["k"], "l"),
      node("Sigmoid", ["l"], "m"), node("Sub", ["m", "k"], "n"), node("LeakyRelu", ["n"], "o"),
      node("Transpose", ["o"], "p", ["perm": .integers([0, 3, 1, 2])]),
      node("Flatten", ["p"], "q"), node("Gemm", ["q", "w3", "b3"], "r"),
      node("Clip", ["r", "low", "six"], "y"),
    ]
    let model = ONNXModel(
      operatorSet: 14, nodes: nodes,
      tensors: [
        "w1": tensor([8, 3, 4, 3]), "s1": tensor([8, 1, 1]), "w2": tensor([8, 2, 3, 3]),
        "zero": ONNXTensor(shape: [], .floats([0])), "six": ONNXTensor(shape: [], .floats([6])),
        "low": ONNXTensor(shape: [], .floats([-3])), "w3": tensor([8 * 6 * 6, 12]),
        "b3": tensor([12]),
      ],
      inputs: [ONNXValue("x", shape: [nil, 3, 24, 24])], outputs: [ONNXValue("y", shape: nil)])
    let network = try ONNXEmbedder(model).network
    let input = FaceInput(side: 24, a: 0.2, b: 0, shiftX: 0, shiftY: 0)
    let imported = try #require(ImportedEmbedder(network, input))
    let again = try ONNXEmbedder(Self.reread(ONNXModel(FaceEmbedder(imported)))).network
    let x = Variable(Self.faces(2, side: 24))
    let (own, found) = (network(x).embedding.value, again(x).embedding.value)
    #expect(Self.largestDifference(found, own) < 1e-5)
    #expect(own.numbers.contains { abs($0) > 0.01 } && own.shape == [2, 12])
  }
}
