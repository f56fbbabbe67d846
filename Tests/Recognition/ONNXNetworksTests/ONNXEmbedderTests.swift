import NetworkGraphs
import NeuralNetworks
import ONNXFiles
import Tensors
import Testing

@testable import ONNXNetworks

@Suite struct ONNXEmbedderTests {
  private static func model(
    _ nodes: [ONNXNode], _ tensors: [String: ONNXTensor] = [:]
  ) -> ONNXModel {
    ONNXModel(
      operatorSet: 13, nodes: nodes, tensors: tensors,
      inputs: [ONNXValue("x", shape: [nil, 3, 8, 8])], outputs: [ONNXValue("y", shape: nil)])
  }

  @Test(
    "a convolution with border and step, flattened as ONNX orders it, has the values of its sums")
  func values() throws {
    let weight: [Float] = (0..<54).map { (index: Int) in Float(index * 7 % 11) / 11 - 0.5 }
    let nodes = [
      ONNXNode(
        "Conv", inputs: ["x", "w"], outputs: ["a"],
        attributes: ["strides": .integers([2, 2]), "pads": .integers([1, 1, 1, 1])]),
      ONNXNode("Flatten", inputs: ["a"], outputs: ["y"]),
    ]
    let network = try ONNXEmbedder(
      Self.model(nodes, ["w": ONNXTensor(shape: [2, 3, 3, 3], .floats(weight))])
    ).network
    let picture: [Float] = (0..<192).map { (index: Int) in Float(index * 5 % 13) / 13 }
    let found = network(Variable(Tensor(picture, shape: [1, 8, 8, 3]))).embedding.value
    #expect(found.shape == [1, 32])
    for out in 0..<2 {
      for row in 0..<4 {
        for column in 0..<4 {
          var sum: Float = 0
          for (i, j) in (0..<9).map({ ($0 / 3, $0 % 3) }) {
            let (r, c) = (2 * row + i - 1, 2 * column + j - 1)
            guard (0..<8).contains(r), (0..<8).contains(c) else { continue }
            for colour in 0..<3 {
              let (pixel, tap) = ((r * 8 + c) * 3 + colour, (out * 3 + colour) * 9 + i * 3 + j)
              sum += picture[pixel] * weight[tap]
            }
          }
          let place = out * 16 + row * 4 + column
          #expect(abs(found[place] - sum) < 1e-4)
        }
      }
    }
  }

  @Test("a chain as long as files may be folds into the operation before it; values asked for stay")
  func longChain() throws {
    let links = (0..<4000).map { index in
      ONNXNode(
        index % 2 == 0 ? "Mul" : "Add", inputs: ["a\(index)", index % 2 == 0 ? "k" : "one"],
        outputs: ["a\(index + 1)"])
    }
    let ends = [
      ONNXNode("Relu", inputs: ["a4000"], outputs: ["r"]),
      ONNXNode("Flatten", inputs: ["r"], outputs: ["y"]),
    ]
    let model = Self.model(
      [ONNXNode("Conv", inputs: ["x", "w"], outputs: ["a0"])] + links + ends,
      [
        "w": ONNXTensor(shape: [2, 3, 1, 1], .floats([1, 2, 3, -1, 0, 1])),
        "k": ONNXTensor(shape: [], .floats([0.5])), "one": ONNXTensor(shape: [], .floats([1])),
      ])
    let whole = try ONNXEmbedder(model).network
    #expect(whole.graph.nodes.map(\.operation) == [.convolution, .permute, .reshape])
    // x ↦ x / 2 + 1, again and again, comes to 2.
    let found = whole(Variable(Tensor(repeating: 0.3, shape: [1, 8, 8, 3]))).embedding.value
    #expect(found.numbers.allSatisfy { abs($0 - 2) < 1e-5 })
    let cut = try ONNXEmbedder(model, identity: "a2000").network
    #expect(
      cut.graph.nodes.map(\.operation) == [.convolution, .scaleShift, .permute, .reshape])
  }

  @Test("a map times a matrix, from either side, has the sums of its rows and columns")
  func planeProducts() throws {
    let nodes = [
      ONNXNode("MatMul", inputs: ["x", "right"], outputs: ["a"]),
      ONNXNode("MatMul", inputs: ["left", "a"], outputs: ["b"]),
      ONNXNode("Flatten", inputs: ["b"], outputs: ["y"]),
    ]
    let (left, right) = (
      (0..<16).map { (i: Int) in Float(i % 5) - 2 }, (0..<24).map { (i: Int) in Float(i % 7) - 3 }
    )
    let network = try ONNXEmbedder(
      Self.model(
        nodes,
        [
          "left": ONNXTensor(shape: [2, 8], .floats(left)),
          "right": ONNXTensor(shape: [8, 3], .floats(right)),
        ])
    ).network
    let picture = (0..<192).map { (index: Int) in Float(index * 5 % 13) / 13 }
    let found = network(Variable(Tensor(picture, shape: [1, 8, 8, 3]))).embedding.value
    #expect(found.shape == [1, 18])
    for (place, value) in found.numbers.enumerated() {
      let (colour, row, column) = (place / 6, place / 3 % 2, place % 3)
      var sum: Float = 0
      for (i, j) in (0..<64).map({ ($0 / 8, $0 % 8) }) {
        sum += left[row * 8 + i] * picture[(i * 8 + j) * 3 + colour] * right[j * 3 + column]
      }
      #expect(abs(value - sum) < 1e-3)
    }
    #expect(throws: ONNXImportError.self) {
      try ONNXEmbedder(
        Self.model(
          nodes,
          [
            "left": ONNXTensor(shape: [2, 8], .floats(left)),
            "right": ONNXTensor(shape: [7, 3], .floats(Array(right.prefix(21)))),
          ]))
    }
  }

  @Test("a chain of constants that doubles, and one that a short file makes large, are refused")
  func growing() {
    let joins = (0..<40).map {
      ONNXNode(
        "Concat", inputs: ["k\($0)", "k\($0)"], outputs: ["k\($0 + 1)"],
        attributes: ["axis": .integer(0)])
    }
    #expect(throws: ONNXImportError.self) {
      try ONNXEmbedder(Self.model(joins, ["k0": ONNXTensor(shape: [1], .integers([1]))]))
    }
    let large = (0..<5).map {
      ONNXNode("ConstantOfShape", inputs: ["s"], outputs: ["c\($0)"])
    }
    let end = ONNXNode("Flatten", inputs: ["x"], outputs: ["y"])
    #expect(throws: ONNXImportError.self) {
      try ONNXEmbedder(
        Self.model(large + [end], ["s": ONNXTensor(shape: [1], .integers([1 << 19]))]))
    }
    #expect(throws: Never.self) { try ONNXEmbedder(Self.model([end])) }
  }

  @Test(
    "what is not supported or makes no sense is told with its node",
    arguments: [
      ONNXNode("Softmax", name: "s", inputs: ["x"], outputs: ["y"]),
      ONNXNode("Conv", name: "s", inputs: ["x", "none"], outputs: ["y"]),
      ONNXNode("Relu", name: "s", inputs: ["y"], outputs: ["y"]),
      ONNXNode("Conv", name: "s", domain: "other", inputs: ["x", "w"], outputs: ["y"]),
      ONNXNode("Reshape", name: "s", inputs: ["x", "w"], outputs: ["y"]),
      ONNXNode("Add", name: "s", inputs: ["none", "one"], outputs: ["y"]),
      ONNXNode("Add", name: "s", inputs: ["empty", "one"], outputs: ["y"]),
      ONNXNode(
        "Conv", name: "s", inputs: ["x", "w"], outputs: ["y"],
        attributes: ["pads": .integers([-1, 0, 0, 0])]),
      ONNXNode(
        "Conv", name: "s", inputs: ["x", "w"], outputs: ["y"],
        attributes: ["strides": .integers([0, 1 << 62])]),
    ])
  func refusals(node: ONNXNode) {
    let tensors = [
      "w": ONNXTensor(shape: [1, 3, 1, 1], .floats([1, 1, 1])),
      "one": ONNXTensor(shape: [], .integers([1])), "empty": ONNXTensor(shape: [0], .integers([])),
    ]
    do {
      _ = try ONNXEmbedder(Self.model([node], tensors))
      Issue.record("\(node) was accepted")
    } catch {
      #expect("\(error)".contains("'s'") && !"\(error)".contains("\n"))
    }
  }
}
