public import Embedders
public import Reconstruction

/// A and G under the name by which tables call them.
public struct NamedNetworks: Sendable {
  /// The name in the manifest.
  public let name: String
  /// A and G with their I and C.
  public let networks: FaceReconstructor

  /// Names networks.
  public init(_ name: String, _ networks: FaceReconstructor) {
    (self.name, self.networks) = (name, networks)
  }
}

/// An embedder under the name by which tables call it.
public struct NamedEmbedder: Sendable {
  /// The name in the manifest.
  public let name: String
  /// The embedder.
  public let embedder: FaceEmbedder

  /// Names an embedder.
  public init(_ name: String, _ embedder: FaceEmbedder) {
    (self.name, self.embedder) = (name, embedder)
  }
}
