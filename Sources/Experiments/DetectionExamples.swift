public import AdversarialAttacks
private import AdversarialDetection
public import IPGAN
private import Images
public import LocalBinaryPatterns
private import NeuralNetworks
public import SupportVectorMachines
private import FaceVerification
private import Tensors

/// The detector's features of an attack set: every source, and what the attacks made of it.
public struct DetectionExamples: Sendable {
  /// One picture of the set.
  public struct Example: Sendable {
    /// The pair it belongs to.
    public var pair: AttackPair
    /// The threshold of the attack; `nil` for a source, which is bona fide.
    public var theta: Float?
    /// LBP(x) and LBP(x̂).
    public var features: [Float]
    /// The squared distance of f_C of the picture and of its reconstruction.
    public var identityGap: Double
  }

  /// All examples: each pair's source, followed by its successful attacks.
  public let examples: [Example]

  /// Reads, reconstructs and describes the pictures of a set.
  ///
  /// - Throws: `ImageError`.
  public init(
    _ set: AttackSet, reconstructor: FaceReconstructor, descriptor: TextureDescriptor,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws {
    var items: [(pair: AttackPair, theta: Float?, file: String)] = []
    var seen: Set<String> = []
    for entry in set.entries {
      if seen.insert(entry.pair.id).inserted {
        items.append((entry.pair, nil, entry.sourceFile))
      }
      if entry.success, let file = entry.file { items.append((entry.pair, entry.theta, file)) }
    }
    var examples: [Example] = []
    for first in stride(from: 0, to: items.count, by: 16) {
      let part = items[first..<min(items.count, first + 16)]
      let faces = try part.map { try RGBImage.read(path: set.folder + "/" + $0.file).image }
      let x = Variable(Tensor(faces))
      let rebuilt = reconstructor.reconstruct(x).value.pictures()
      let gaps = reconstructor.embedder.unitEmbeddings(of: x).squaredRowDistances(
        to: reconstructor.embedder.unitEmbeddings(of: Variable(Tensor(rebuilt)))
      ).value.numbers
      for (index, item) in part.enumerated() {
        examples.append(
          Example(
            pair: item.pair, theta: item.theta,
            features: AdversarialDetector.features(
              of: faces[index], reconstruction: rebuilt[index], descriptor: descriptor),
            identityGap: Double(gaps[index])))
      }
      progress(examples.count, items.count)
    }
    self.examples = examples
  }

  /// Sources and adversarials of one threshold, as many of each: the paper's balanced classes.
  public func balanced(theta: Float) -> [Example] {
    let attacked = Set(examples.filter { $0.theta == theta }.map(\.pair.id))
    return examples.filter {
      $0.theta == theta || ($0.theta == nil && attacked.contains($0.pair.id))
    }
  }
}

extension Sequence<DetectionExamples.Example> {
  /// The features as the rows of a matrix.
  public var matrix: FeatureMatrix { FeatureMatrix(map(\.features)) }
}
