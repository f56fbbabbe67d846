internal import Embedders
internal import Images
public import ModelStore
internal import Screening

/// Why a service does not start although its models load.
public enum SelfTestError: Error, Equatable, CustomStringConvertible {
  /// A picture and itself do not have the distance 0.
  case wrongDistance(Double?)
  /// The same question got two answers.
  case notRepeatable
  /// A network makes something else of the drawn picture than the manifest says.
  case otherNumbers(model: String, expected: [Double], found: [Double])

  public var description: String {
    switch self {
    case .wrongDistance(let distance):
      "the self-test failed: a picture has distance² \(distance.map { "\($0)" } ?? "none") to itself"
    case .notRepeatable: "the self-test failed: the same pair got two verdicts"
    case .otherNumbers(let model, let expected, let found):
      "the self-test failed: '\(model)' makes \(found) of the drawn picture; "
        + "the manifest says \(expected)"
    }
  }
}

extension VerdictService {
  /// Runs the whole check on a drawn picture, so that the first request finds everything warm, and
  /// compares what the networks make of it with what the manifest keeps.
  ///
  /// - Returns: the names of the models of which the manifest keeps nothing to compare with.
  /// - Throws: ``SelfTestError``, or what encoding and decoding throw.
  public func selfTest(_ manifest: ModelManifest) throws -> [String] {
    let side = FaceView.faceSide
    let picture = RGBImage(width: side, height: side, pixels: EmbeddingSelfTest.pixels)
    let bytes = try picture.pngData()
    let members = RequestMembers(alignedPair: bytes, bytes)
    let first = try verdict(on: members)
    guard try verdict(on: members) == first else { throw SelfTestError.notRepeatable }
    // The verdict may be that a drawn picture shows too little; the numbers are asked for directly.
    let found = warden.examine([picture, picture])
    let distance = squaredDistance(found[0].evidence.embedding, found[1].evidence.embedding)
    guard distance == 0, found[0].score.probability.isFinite else {
      throw SelfTestError.wrongDistance(Double(distance))
    }
    return try Self.unknownModels(found[0].evidence, manifest)
  }

  /// Compares what the embedders made of the drawn picture with what the manifest keeps.
  ///
  /// - Returns: the names of those of which it keeps nothing.
  /// - Throws: ``SelfTestError/otherNumbers(model:expected:found:)``.
  static func unknownModels(
    _ evidence: FaceEvidence, _ manifest: ModelManifest
  ) throws -> [String] {
    var unknown: [String] = []
    for (model, embedding) in [
      (FaceEmbedder.modelName, evidence.embedding),
      (FaceEmbedder.witnessName, evidence.witnessEmbedding),
    ] {
      guard let embedding else { continue }
      guard let kept = try manifest.entry(model).selfTest else {
        unknown.append(model)
        continue
      }
      let found = EmbeddingSelfTest.numbers(of: embedding)
      guard EmbeddingSelfTest.agrees(found, with: kept) else {
        throw SelfTestError.otherNumbers(model: model, expected: kept, found: found)
      }
    }
    return unknown
  }
}
