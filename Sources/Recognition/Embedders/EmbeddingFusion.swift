public import Checkpoints
public import ModelStore

/// A weighted mean of two networks' distances², by which a pair is decided instead of f_C's alone.
///
/// d² = (1 − w)·‖f_C − f_C′‖² + w·‖f_V − f_V′‖², with embeddings of unit length. It is the distance² of
/// √(1 − w)·f_C with √w·f_V laid behind it, which is of unit length, too; so it lies in 0…4.
public struct EmbeddingFusion: Equatable, Sendable {
  /// The model's name in the manifest.
  public static let modelName = "fusion"
  private static let weightName = "weight"

  /// w, the share of f_V, above 0 and below 1.
  public let weight: Double

  /// The mean of both.
  public static let even = EmbeddingFusion(0.5)

  private init(_ weight: Double) { self.weight = weight }

  /// Creates a fusion; nil unless the weight lies above 0 and below 1.
  public init?(weight: Double) {
    guard weight > 0, weight < 1 else { return nil }
    self.weight = weight
  }

  /// The fused distance² of the networks' own, 0…4.
  public func distance(_ first: Double, _ second: Double) -> Double {
    (1 - weight) * first + weight * second
  }

  /// The embedding whose distance² is the fused one, of unit length.
  public func joined(_ first: [Float], _ second: [Float]) -> [Float] {
    let (a, b) = (Float((1 - weight).squareRoot()), Float(weight.squareRoot()))
    return first.map { a * $0 } + second.map { b * $0 }
  }

  /// The fusion as the contents of a file.
  public var file: SafeTensorsFile {
    SafeTensorsFile(
      arrays: [NamedArray(name: Self.weightName, shape: [1], elements: [Float(weight)])])
  }

  /// Reads a fusion.
  ///
  /// - Throws: `CheckpointError` without one number `weight`, or ``EmbeddingFusionError``.
  public init(file: SafeTensorsFile) throws {
    let weight = try file.array(Self.weightName, shape: [1]).elements[0]
    guard let fusion = Self(weight: Double(weight)) else {
      throw EmbeddingFusionError.unfitWeight(weight)
    }
    self = fusion
  }

  /// Loads the fusion of a folder; nil if it has none, and f_C alone decides.
  ///
  /// - Throws: `CheckpointError`, also where it was made with other networks, or ``EmbeddingFusionError``.
  public init?(of manifest: ModelManifest, folder: String) throws {
    guard manifest.models.contains(where: { $0.name == Self.modelName }) else { return nil }
    try self.init(
      file: SafeTensorsFile(
        bytes: manifest.verifiedBytes(of: Self.modelName, in: folder), requiringFinite: true))
  }
}

/// Why a file is no fusion.
public enum EmbeddingFusionError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The weight leaves one of the networks out.
  case unfitWeight(Float)

  public var description: String {
    switch self {
    case .unfitWeight(let weight):
      "the fusion's weight is \(weight); expected a number above 0 and below 1"
    }
  }
}
