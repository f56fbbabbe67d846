import KernelSupport
import NetworkGraphs
import NeuralNetworks
import ONNXFiles
import SeededRandom
import Tensors
import Testing

@testable import ONNXNetworks

@Suite struct GraphBatchTests {
  /// What MobileFaceNet is made of: a strided convolution, a bottleneck with its sum, PReLU, a window as large
  /// as the map, a dense product.
  private static func network() throws -> GraphNetwork {
    var random = SplitMix64(seed: 30)
    func tensor(_ shape: [Int]) -> ONNXTensor {
      let numbers = Tensor.normal(shape, deviation: 0.2, using: &random).numbers
      return ONNXTensor(shape: shape, .floats(numbers))
    }
    func node(
      _ operation: String, _ inputs: [String], _ output: String, stride: Int = 1, border: Int = 0,
      groups: Int = 1
    ) -> ONNXNode {
      ONNXNode(
        operation, inputs: inputs, outputs: [output],
        attributes: operation != "Conv"
          ? [:]
          : [
            "strides": .integers([stride, stride]),
            "pads": .integers([border, border, border, border]), "group": .integer(groups),
          ])
    }
    let nodes = [
      node("Conv", ["x", "w0"], "a", stride: 2, border: 1), node("PRelu", ["a", "s0"], "b"),
      node("Conv", ["b", "w1"], "c"), node("PRelu", ["c", "s1"], "d"),
      node("Conv", ["d", "w2"], "e", border: 1, groups: 40), node("PRelu", ["e", "s2"], "f"),
      node("Conv", ["f", "w3"], "g"), node("Add", ["b", "g"], "h"),
      node("Conv", ["h", "w4"], "i", border: 1),
      node("Conv", ["i", "w5"], "j", groups: 20), node("Flatten", ["j"], "k"),
      node("MatMul", ["k", "w6"], "y"),
    ]
    let model = ONNXModel(
      operatorSet: 13, nodes: nodes,
      tensors: [
        "w0": tensor([20, 3, 3, 3]), "s0": tensor([20, 1, 1]), "w1": tensor([40, 20, 1, 1]),
        "s1": tensor([40, 1, 1]), "w2": tensor([40, 1, 3, 3]), "s2": tensor([40, 1, 1]),
        "w3": tensor([20, 40, 1, 1]), "w4": tensor([20, 20, 3, 3]), "w5": tensor([20, 1, 8, 8]),
        "w6": tensor([20, 24]),
      ], inputs: [ONNXValue("x", shape: [nil, 3, 16, 16])], outputs: [ONNXValue("y", shape: nil)])
    return try ONNXEmbedder(model).network
  }

  @Test(
    "a batch has the bits of its pictures one by one, at any number of threads, with gradients or not",
    arguments: [1, 2, 3, 5, 7, 16, 33])
  func batches(count: Int) throws {
    let network = try Self.network()
    var random = SplitMix64(seed: 16)
    let pictures = Tensor.normal([count, 16, 16, 3], deviation: 1, using: &random)
    let alone = (0..<count).map { network(Variable(pictures.entries($0..<$0 + 1))) }
    let (identity, embedding) = (
      Tensor(joining: alone.map(\.identity.value)), Tensor(joining: alone.map(\.embedding.value))
    )
    #expect(identity.shape == [count, 8, 8, 20] && embedding.shape == [count, 24])
    let limit = WorkerPool.shared.limit
    defer { WorkerPool.shared.limit = limit }
    for threads in [1, 2, 3, limit] {
      WorkerPool.shared.limit = threads
      for found in [network(Variable(pictures)), network(Variable(tracked: pictures))] {
        #expect(found.identity.value == identity)
        #expect(found.embedding.value == embedding)
      }
    }
  }
}
