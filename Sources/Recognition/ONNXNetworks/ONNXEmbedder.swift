public import NetworkGraphs
public import ONNXFiles
private import Tensors

/// A face embedder taken over from an ONNX file.
public struct ONNXEmbedder: Sendable {
  /// The network; its pictures have rows, columns and three colours.
  public let network: GraphNetwork
  /// Whether the network begins with a difference or factor of its own, so that it takes colours of 0…255
  /// (InsightFace's rule).
  public let scalesColours: Bool
  /// The results of the file beyond the first, which are left out.
  public let ignoredOutputs: [String]

  /// Takes over the network of a model.
  ///
  /// - `side`: rows and columns of pictures if the file leaves them open.
  /// - `identity`: the node or result that is what is seen, for G; the last map of more than one place if
  ///   not given.
  /// - Throws: ``ONNXImportError`` or `NetworkGraphError`.
  public init(_ model: ONNXModel, side: Int = 112, identity: String? = nil) throws {
    var lowering = try ONNXLowering(model, side: side)
    try lowering.run()
    guard let output = model.outputs.first, let result = lowering.values[output.name] else {
      throw ONNXImportError.noEmbedder("it gives no result")
    }
    guard case .live(var embedding) = result else {
      throw ONNXImportError.noEmbedder("'\(output.name)' does not depend on the picture")
    }
    let count = embedding.shape.dropFirst().reduce(1, *)
    guard embedding.shape.dropFirst().contains(count), (2...65536).contains(count) else {
      throw ONNXImportError.noEmbedder(
        "'\(output.name)' has the shape \(embedding.shape); expected one row a picture")
    }
    if embedding.shape.count != 2 {
      var node = NetworkGraph.Node(output.name, .reshape, [embedding.value])
      node.shape = [count]
      embedding.value = lowering.draft.add(node)
    }
    var draft = lowering.draft
    draft.graph.embedding = embedding.value
    draft.graph.identity = embedding.value
    if let identity {
      guard let value = lowering.layers[identity] else {
        throw ONNXImportError.unknownLayer(identity)
      }
      draft.graph.identity = value
    }
    draft.simplify()
    if identity == nil {
      let shapes = try draft.graph.shapes(with: draft.table)
      let map = shapes.indices.last { shapes[$0].count == 3 && shapes[$0][0] > 1 && $0 > 0 }
      draft.graph.identity = map ?? draft.graph.embedding
    }
    network = try GraphNetwork(draft.graph, draft.table)
    guard draft.table.isFinite else {
      throw ONNXImportError.noEmbedder("a weight is not finite after folding")
    }
    let first = model.nodes.prefix(8).map(\.operation)
    scalesColours = first.contains { ["Sub", "Mul"].contains($0) }
    ignoredOutputs = model.outputs.dropFirst().map(\.name)
  }
}
