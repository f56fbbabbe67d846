/// Why a model of the manifest cannot be used.
public enum ModelError: Error, Equatable, CustomStringConvertible {
  /// The manifest's description of the network makes no sense to this program.
  case unknownArchitecture(model: String, reason: String)
  /// A training is to go on from a network of another shape than its own; both in words.
  case otherArchitecture(model: String, asked: String, found: String)

  public var description: String {
    switch self {
    case .unknownArchitecture(let model, let reason):
      "the manifest's architecture of '\(model)' cannot be built: \(reason)"
    case .otherArchitecture(let model, let asked, let found):
      "'\(model)' has another shape than asked for: \(found), not \(asked)"
    }
  }
}
