public import Embedders
public import NeuralNetworks
public import Tensors

/// A differentiable number for each picture that an attack makes small.
public protocol AttackObjective: Sendable {
  /// The values of pictures (n, row, column, 3) in −1…1, picture i belonging to pair `rows[i]`.
  ///
  /// A picture's value depends on no other picture. Gradients reach the pixels.
  func values(of pictures: Variable, rows: [Int]) -> Variable
}

/// ‖f_C(x) − f_C(x₂)‖² of unit-length embeddings, 0…4: the left side of equation (8).
public struct EmbeddingDistance: AttackObjective {
  /// The network.
  public let embedder: FaceEmbedder
  /// f_C(x₂) of unit length, one row a pair.
  public let targets: Tensor

  /// Creates the objective from the targets' pictures, (n, row, column, 3) in −1…1.
  public init(_ embedder: FaceEmbedder, targets: Tensor) {
    self.init(embedder, embeddings: embedder.unitEmbeddings(of: Variable(targets)).value)
  }

  /// Creates the objective from f_C(x₂) of unit length, one row a pair.
  public init(_ embedder: FaceEmbedder, embeddings: Tensor) {
    (self.embedder, targets) = (embedder, embeddings)
  }

  public func values(of pictures: Variable, rows: [Int]) -> Variable {
    embedder.unitEmbeddings(of: pictures)
      .squaredRowDistances(to: Variable(targets.rows(rows)))
  }
}

/// ‖f_I(x) − f_I(x₂)‖² / ‖f_I(x₂)‖²: the distance of an inner layer, the last pooling's response.
///
/// Reference: Sabour et al., "Adversarial manipulation of deep representations", 2016.
public struct FeatureDistance: AttackObjective {
  private let embedder: FaceEmbedder
  private let targets: Tensor

  /// Creates the objective from the targets' pictures, (n, row, column, 3) in −1…1.
  public init(_ embedder: FaceEmbedder, targets: Tensor) {
    self.embedder = embedder
    let features = embedder.features(of: Variable(targets)).identity.value
    self.targets = features
  }

  public func values(of pictures: Variable, rows: [Int]) -> Variable {
    let wanted = targets.rows(rows)
    let width = wanted.shape[1]
    let scales = rows.indices.map { row -> Float in
      let own = wanted.entries(row..<row + 1)
      return Float(1 / max(1e-12, own.dot(own)))
    }
    let weights = Tensor(shape: wanted.shape) { target in
      for i in 0..<rows.count * width { target[i] = scales[i / width].squareRoot() }
    }
    let found = embedder.features(of: pictures).identity * Variable(weights)
    return found.squaredRowDistances(to: Variable(wanted * weights))
  }
}

extension Tensor {
  /// The entries of the outermost axis at `places`, in that order.
  func rows(_ places: [Int]) -> Tensor {
    if places.isEmpty { return entries(0..<0) }
    return Tensor(joining: places.map { entries($0..<$0 + 1) })
  }
}
