/// Why a graph cannot be run.
public enum NetworkGraphError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The description is no graph.
  case malformed(String)
  /// A node does not fit what it takes, or its own numbers.
  case badNode(index: Int, name: String, reason: String)
  /// What the graph gives is not what is wanted of it.
  case badResult(String)

  public var description: String {
    switch self {
    case .malformed(let reason): "the network's graph is malformed: \(reason)"
    case .badNode(let index, let name, let reason):
      "node \(index) of the network's graph, '\(name.prefix(100))', cannot be run: \(reason)"
    case .badResult(let reason): "the network's graph gives no embedding: \(reason)"
    }
  }
}
