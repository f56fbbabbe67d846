public import Embedders
public import FaceDatasets
private import FaceFinding
private import Foundation
public import Images
private import NeuralNetworks
public import PictureQuality
private import PictureTensors
public import SeededRandom
private import Tensors

/// How a quality model is made.
public struct QualityTraining: Codable, Equatable, Sendable {
  /// Conditions drawn for each picture.
  public var conditions = 5
  /// The kinds of conditions that the network learns.
  public var kinds = ShootingCondition.Kind.allCases
  /// Steps of Adam.
  public var steps = 4000
  /// Embeddings a step.
  public var batch = 256
  /// Adam's highest learning rate; it falls to nothing along a cosine.
  public var learningRate: Float = 0.004
  /// Adam's decoupled weight decay.
  public var weightDecay: Float = 0.02
  /// The share of untouched pictures that each part refuses to begin with.
  public var discard = 0.001
  /// The share of untouched pictures that all parts together may refuse.
  public var largestDiscard = 0.03
  /// Where all chance comes from.
  public var seed: UInt64 = 1

  /// Creates the defaults.
  public init() {}
}

/// Embeddings of pictures under conditions, and how far these have moved them.
public struct ConditionedEmbeddings: Sendable {
  /// The embeddings, of unit length.
  public private(set) var rows: [[Float]] = []
  /// The distance² of each to its untouched picture's, 0…4.
  public private(set) var losses: [Double] = []

  /// Embeds pictures as they are and under conditions, drawn for each by its place.
  ///
  /// - `read`: the aligned face of a place.
  /// - `progress`: is told pictures done and all.
  /// - Throws: what `read` throws.
  public init(
    _ count: Int, embedder: FaceEmbedder, training: QualityTraining, generator: SplitMix64,
    progress: (_ done: Int, _ total: Int) -> Void, read: (Int) throws -> RGBImage
  ) throws {
    for place in 0..<count {
      let face = try read(place)
      var random = generator.derived(from: "picture", place)
      var faces = [face]
      for _ in 0..<training.conditions {
        var changed = face
        // One thing in three pictures is not all that is wrong.
        for _ in 0..<(random.happens(withProbability: 0.3) ? 2 : 1) {
          let kind = training.kinds[random.uniform(in: 0..<training.kinds.count)]
          changed = ShootingCondition(kind, random.uniform()).applied(to: changed, using: &random)
        }
        faces.append(changed)
      }
      let found = Self.embeddings(of: faces, embedder)
      // Of what the network gives no number for, there is no distance.
      for row in found where (row + found[0]).allSatisfy(\.isFinite) {
        rows.append(row)
        losses.append(Double(squaredDistance(row, found[0])))
      }
      progress(place + 1, count)
    }
  }

  /// f_C of unit length of aligned faces.
  package static func embeddings(of faces: [RGBImage], _ embedder: FaceEmbedder) -> [[Float]] {
    let numbers = embedder.unitEmbeddings(of: Variable(Tensor(faces))).value.numbers
    let width = numbers.count / max(1, faces.count)
    return faces.indices.map { Array(numbers[$0 * width..<($0 + 1) * width]) }
  }
}

extension IdentityLossNetwork {
  /// Trains a network: mean squares between predictions and distances² cut at ``largestLoss``, by Adam.
  ///
  /// - Precondition: there are embeddings.
  public init(_ examples: ConditionedEmbeddings, training: QualityTraining) {
    precondition(!examples.rows.isEmpty, "no embeddings to learn from")
    self.init(width: examples.rows[0].count, seed: training.seed)
    var optimizer = Adam(weightDecay: training.weightDecay)
    let root = SplitMix64(seed: training.seed).derived(from: "identity loss steps")
    for step in 0..<training.steps {
      var random = root.derived(from: "step", step)
      let places = (0..<training.batch).map { _ in
        random.uniform(in: 0..<examples.rows.count)
      }
      let pass = ForwardPass(parameters, mode: .training, tracksParameters: true)
      let predicted = self(input(places.map { examples.rows[$0] }), pass)
      let goals = places.map { min(Float(examples.losses[$0]), Self.largestLoss) }
      let loss =
        predicted.squaredRowDistances(
          to: Variable(Tensor(goals, shape: [goals.count, 1]))
        ).sum() * (1 / Float(goals.count))
      let progress = Float(step) / Float(training.steps)
      let gradients = gradients(of: loss, withRespectTo: pass.parameters)
      optimizer.step(
        &parameters, gradients: gradients,
        learningRate: training.learningRate * (1 + cosf(.pi * progress)) / 2)
    }
  }
}
