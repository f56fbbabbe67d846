/// Why a network of an ONNX file cannot be taken over.
public enum ONNXImportError: Error, Equatable, Sendable, CustomStringConvertible {
  /// An operator that is not supported; of ONNX itself if there is no domain.
  case unsupportedOperator(node: String, domain: String)
  /// A node is supported, but not with these settings or inputs.
  case unsupportedNode(node: String, reason: String)
  /// A node takes what nothing before it gives: a cycle, nodes out of order, or a lost constant.
  case unknownInput(node: String, input: String)
  /// The graph takes or gives something else than an embedder does.
  case noEmbedder(String)
  /// No node and no result bears the name.
  case unknownLayer(String)

  public var description: String {
    switch self {
    case .unsupportedOperator(let node, let domain):
      "node \(node) is of an operator that is not supported"
        + (domain.isEmpty ? "" : ", of the domain '\(domain)'")
    case .unsupportedNode(let node, let reason): "node \(node): \(reason)"
    case .unknownInput(let node, let input):
      "node \(node) takes '\(input)', which no node before it gives (a cycle, or nodes out of order)"
    case .noEmbedder(let reason): "the file holds no face embedder: \(reason)"
    case .unknownLayer(let name): "the file has no node or result '\(name)'"
    }
  }
}
