import AdversarialAttacks
import AdversarialDetection
import Checkpoints
import CommandLineArguments
import Experiments
import FaceVerification
import IPGAN
import LocalBinaryPatterns

/// An attack set, and the models that describe its pictures to a detector.
struct DetectionInput {
  static let options: [CommandOption] = [
    SharedOptions.models,
    .value("--attack-set", "DIR", "A set made by 'facewarden attack-set'.", isRequired: true),
    .value(
      "--detector", "NAME",
      "paper (local binary patterns) or full (all evidence, needs the witness f_v); full if not given."
    ),
  ]

  let kind: DetectorKind
  let models, folder: String
  let descriptor = TextureDescriptor()

  init(_ arguments: Arguments) throws {
    kind = try arguments.optional("--detector", .choice) ?? .full
    models = arguments.modelsFolder
    folder = try arguments.value("--attack-set", .text)
  }

  /// The models that took part: the detector is good for these alone.
  var modelNames: [String] {
    [FaceEmbedder.modelName, FaceReconstructor.modelName]
      + (needsWitness ? [FaceEmbedder.witnessName] : [])
  }

  private var groups: Set<FeatureGroup> { Set(kind.parts.flatMap(\.groups)) }
  private var needsWitness: Bool { groups.contains(where: \.needsWitness) }

  /// Reads and describes the set's pictures.
  func examples(
    where isIncluded: (Species) -> Bool = { _ in true }
  ) throws -> (set: AttackSet, examples: DetectionExamples) {
    let set = try AttackSet(folder: folder)
    let manifest = try ModelManifest(folder: models)
    guard set.settings.embedder == (try manifest.distanceIdentity()) else {
      throw AttackSetError.otherSettings(folder: folder)
    }
    let embedder = try FaceEmbedder(of: manifest, folder: models)
    let extractor = FeatureExtractor(
      groups,
      reconstructor: try FaceReconstructor(of: manifest, folder: models, embedder: embedder),
      witness: needsWitness
        ? try FaceEmbedder(FaceEmbedder.witnessName, of: manifest, folder: models) : nil,
      descriptor: descriptor)
    let examples = try DetectionExamples(set, extractor: extractor, where: isIncluded) {
      Console.progress("described \($0) of \($1) pictures")
    }
    Console.endProgress()
    return (set, examples)
  }
}
