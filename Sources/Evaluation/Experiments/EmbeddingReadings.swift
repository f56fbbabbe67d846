/// The embeddings that a network outside gave to named pictures.
public struct EmbeddingReadings: Sendable {
  /// The network's name in tables.
  public let name: String
  private let lookup: @Sendable (_ picture: String) -> [Float]?

  /// Takes embeddings of unit length, by the pictures' names without extension.
  public init(_ name: String, lookup: @escaping @Sendable (_ picture: String) -> [Float]?) {
    (self.name, self.lookup) = (name, lookup)
  }

  /// The embedding of a picture, of unit length.
  ///
  /// - Throws: ``ExperimentError/noReading(judge:picture:)``.
  func embedding(of picture: String) throws(ExperimentError) -> [Float] {
    guard let found = lookup(picture) else { throw .noReading(judge: name, picture: picture) }
    return found
  }
}
