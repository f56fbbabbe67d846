public import Embedders
public import Images
public import NeuralNetworks
internal import PictureTensors
public import SeededRandom
public import Tensors

/// Where a part of an objective has to end up.
public enum AttackLimit: Equatable, Sendable {
  /// Below this share of the θ that is searched for.
  case theta(share: Float)
  /// Below a number of its own.
  case fixed(Float)

  /// The limit at a θ.
  public func value(at theta: Float) -> Float {
    switch self {
    case .theta(let share): theta * share
    case .fixed(let number): number
    }
  }
}

/// One number of each picture that an attack makes small.
public struct AttackPart {
  /// The numbers, (batch); gradients reach the pictures.
  public let values: Variable
  /// What they have to fall below.
  public let limit: AttackLimit
  /// By how much above its limit a part weighs in full, in its own unit.
  public let slack: Float

  /// Creates a part.
  public init(_ values: Variable, limit: AttackLimit, slack: Float = 0.1) {
    (self.values, self.limit, self.slack) = (values, limit, slack)
  }
}

/// The pictures that an objective is asked about.
public struct AttackPoints: Sendable {
  /// The pair that each picture belongs to.
  public let rows: [Int]
  /// The random numbers of each picture, named by its pair and step.
  public let random: [SplitMix64]

  /// Creates points.
  ///
  /// - Precondition: a generator a row.
  public init(rows: [Int], random: [SplitMix64]) {
    precondition(rows.count == random.count, "\(rows.count) rows, \(random.count) generators")
    (self.rows, self.random) = (rows, random)
  }
}

/// What an attack makes small: differentiable numbers of pictures, each with a limit.
public protocol AttackObjective: Sendable {
  /// The numbers of faces (n, row, column, 3) in −1…1, face i belonging to pair `points.rows[i]`.
  ///
  /// A face's numbers depend on no other face. Gradients reach the pixels.
  func parts(of faces: Variable, at points: AttackPoints) -> [AttackPart]
  /// Faces' worth of work that one face takes, 1 for one network: batches are cut by it.
  var load: Int { get }
}

extension AttackObjective {
  public var load: Int { 1 }

  /// All parts in one number a face, (n): below `theta` exactly where every part is below its limit.
  ///
  /// A part alone that has θ for its limit is that number. Of several, θ and the sum of what each is above
  /// its limit, in units of a tenth of its slack; or, if none is, the largest of their margins.
  ///
  /// - `theta`: nil for a search that goes as deep as it can: the sum of all parts.
  public func values(
    of faces: Variable, at points: AttackPoints, theta: Float?
  ) -> Variable {
    Self.together(parts(of: faces, at: points), theta: theta)
  }

  /// All parts in one number a face; see ``values(of:at:theta:)``.
  static func together(_ parts: [AttackPart], theta: Float?) -> Variable {
    precondition(!parts.isEmpty, "an objective without parts")
    if parts.count == 1, parts[0].limit == .theta(share: 1) || theta == nil {
      return parts[0].values
    }
    let scales = parts.map { 0.1 / $0.slack }
    guard let theta else {
      return zip(parts, scales).dropFirst().reduce(parts[0].values * scales[0]) {
        $0 + $1.0.values * $1.1
      }
    }
    let count = parts[0].values.value.count
    // The share of each part in each face's number.
    var weights = parts.map { _ in [Float](repeating: 0, count: count) }
    let numbers = (0..<count).map { face -> Float in
      let margins = parts.indices.map {
        (parts[$0].values.value[face] - parts[$0].limit.value(at: theta)) * scales[$0]
      }
      let above = margins.indices.filter { margins[$0] >= 0 }
      for part in above { weights[part][face] = scales[part] }
      if !above.isEmpty { return above.reduce(theta) { $0 + margins[$1] } }
      let worst = margins.indices.reduce(0) { margins[$1] > margins[$0] ? $1 : $0 }
      weights[worst][face] = scales[worst]
      return theta + margins[worst]
    }
    let shares = weights.map { Tensor($0, shape: [count]) }
    return Variable(Tensor(numbers, shape: [count]), parents: parts.map(\.values)) { dy, wanted in
      shares.indices.map { wanted[$0] ? dy * shares[$0] : nil }
    }
  }

  /// Whether each face's parts are all below their limits.
  static func areMet(_ parts: [AttackPart], _ face: Int, at theta: Float) -> Bool {
    parts.allSatisfy { $0.values.value[face] < $0.limit.value(at: theta) }
  }
}

/// Σ w ‖f(x) − f(x₂)‖² of unit-length embeddings, 0…4: the left side of equation (8), of one network or of two
/// whose distances² are fused.
public struct EmbeddingDistance: AttackObjective {
  /// A network, f(x₂) of unit length, one row a pair, and the share w of its distance².
  private struct Part: Sendable {
    let embedder: FaceEmbedder
    let targets: Tensor
    let weight: Float
  }

  private let all: [Part]
  /// What the distance has to fall below.
  public let limit: AttackLimit

  /// Creates the objective from the targets' pictures, (n, row, column, 3) in −1…1.
  public init(
    _ networks: DecidingEmbedders, targets: Tensor, limit: AttackLimit = .theta(share: 1)
  ) {
    all = networks.parts.map { part in
      Part(
        embedder: part.embedder,
        targets: part.embedder.unitEmbeddings(of: Variable(targets)).value, weight: part.weight)
    }
    self.limit = limit
  }

  /// Creates the objective of one network from f(x₂) of unit length, one row a pair.
  public init(
    _ embedder: FaceEmbedder, embeddings: Tensor, limit: AttackLimit = .theta(share: 1)
  ) {
    all = [Part(embedder: embedder, targets: embeddings, weight: 1)]
    self.limit = limit
  }

  public var load: Int { all.count }

  public func parts(of faces: Variable, at points: AttackPoints) -> [AttackPart] {
    [AttackPart(distances(of: faces, rows: points.rows), limit: limit)]
  }

  /// The distances² of faces, (n, row, column, 3) in −1…1.
  func distances(of faces: Variable, rows: [Int]) -> Variable {
    func own(_ part: Part) -> Variable {
      part.embedder.unitEmbeddings(of: faces)
        .squaredRowDistances(to: Variable(part.targets.rows(rows)))
    }
    // One network's distance² stays what it is to the bit.
    guard all.count > 1 else { return own(all[0]) }
    return all.dropFirst().reduce(own(all[0]) * all[0].weight) { $0 + own($1) * $1.weight }
  }

  /// The distance² of one picture to the target of a pair.
  public func distance(of face: RGBImage, row: Int) -> Float {
    distances(of: Variable(Tensor([face])), rows: [row]).value[0]
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

  public func parts(of faces: Variable, at points: AttackPoints) -> [AttackPart] {
    let rows = points.rows
    let wanted = targets.rows(rows)
    let width = wanted.shape[1]
    let scales = rows.indices.map { row -> Float in
      let own = wanted.entries(row..<row + 1)
      return Float(1 / max(1e-12, own.dot(own)))
    }
    let weights = Tensor(shape: wanted.shape) { target in
      for i in 0..<rows.count * width { target[i] = scales[i / width].squareRoot() }
    }
    let found = embedder.features(of: faces).identity * Variable(weights)
    return [
      AttackPart(
        found.squaredRowDistances(to: Variable(wanted * weights)), limit: .theta(share: 1))
    ]
  }
}

/// Several objectives at once: all their parts.
public struct JoinedObjective: AttackObjective {
  private let all: [any AttackObjective]

  /// Joins objectives.
  ///
  /// - Precondition: there is one.
  public init(_ all: [any AttackObjective]) {
    precondition(!all.isEmpty, "no objective")
    self.all = all
  }

  public var load: Int { all.reduce(0) { $0 + $1.load } }

  public func parts(of faces: Variable, at points: AttackPoints) -> [AttackPart] {
    all.flatMap { $0.parts(of: faces, at: points) }
  }
}

/// The mean of an objective over random transforms of each face: each part's, over the draws of a step.
///
/// All parts see the same draws. Draws are named by the points' generators and their number alone.
public struct ExpectedObjective: AttackObjective {
  private let base: any AttackObjective
  private let transforms: RandomTransforms

  /// Averages an objective.
  public init(_ base: any AttackObjective, over transforms: RandomTransforms) {
    (self.base, self.transforms) = (base, transforms)
  }

  public var load: Int { base.load * transforms.draws }

  public func parts(of faces: Variable, at points: AttackPoints) -> [AttackPart] {
    let (count, draws) = (points.rows.count, transforms.draws)
    let changed = (0..<draws).map { draw in
      transforms(faces, using: points.random.map { $0.derived(from: "draw", draw) })
    }
    let together = AttackPoints(
      rows: (0..<draws).flatMap { _ in points.rows },
      random: (0..<draws).flatMap { draw in
        points.random.map { $0.derived(from: "inner", draw) }
      })
    let all = draws == 1 ? changed[0] : Variable(joining: changed)
    return base.parts(of: all, at: together).map { part in
      if draws == 1 { return part }
      let sum = (1..<draws).reduce(part.values.entries(0..<count)) {
        $0 + part.values.entries($1 * count..<($1 + 1) * count)
      }
      return AttackPart(sum * (1 / Float(draws)), limit: part.limit, slack: part.slack)
    }
  }
}

extension Tensor {
  /// The entries of the outermost axis at `places`, in that order.
  func rows(_ places: [Int]) -> Tensor {
    if places.isEmpty { return entries(0..<0) }
    return Tensor(joining: places.map { entries($0..<$0 + 1) })
  }
}
