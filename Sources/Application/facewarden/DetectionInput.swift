import AttackSets
import CommandLineArguments
import DetectorTraining
import Embedders
import Foundation
import ModelStore
import Reconstruction
import Screening
import Textures

/// An attack set, and the models that describe its pictures to a detector.
struct DetectionInput: CommandSettings {
  /// The folder of the models.
  private(set) var models = ModelsFolder()
  /// The attack sets.
  private(set) var folders: [String] = []
  /// The detector.
  private(set) var kind = DetectorKind.full
  let descriptor = TextureDescriptor()

  static let settings: [Setting<Self>] =
    part(\.models) + [
      .repeated(
        "--attack-set", "DIR", "A set made by 'facewarden attack-set'; may be repeated.", \.folders,
        .text, isRequired: true),
      .value(
        "--detector", "NAME",
        "paper (local binary patterns) or full (all evidence, needs the witness f_v).", \.kind,
        .choice),
    ]

  /// The models that took part: the detector is good for these alone.
  var modelNames: [String] {
    [FaceEmbedder.modelName, FaceReconstructor.modelName]
      + (needsWitness ? [FaceEmbedder.witnessName] : [])
  }

  private var groups: Set<FeatureGroup> { Set(kind.parts.flatMap(\.groups)) }
  /// Whether f_V is asked.
  var needsWitness: Bool { groups.contains(where: \.needsWitness) }

  /// The sets' names, in words.
  var words: String { folders.map { ($0 as NSString).lastPathComponent }.joined(separator: ", ") }

  /// Reads and describes the sets' pictures.
  ///
  /// - Parameters:
  ///   - names: attacks of which the sets have to hold some that succeeded, `NAME` or `NAME@θ`.
  ///   - includesTargets: whether targets that are no sources are described as well.
  ///   - untouched: further bona fide pictures.
  /// - Returns: the examples of all sets.
  /// - Throws: what reading sets, models and pictures throws.
  func examples(
    named names: [String] = [], includesTargets: Bool = false,
    untouched: DetectionExamples.Untouched? = nil
  ) throws -> DetectionExamples {
    let sets = try folders.map { try AttackSet(folder: $0) }
    for set in sets where set.settings.isWhole == true {
      throw AttackSetError.wholePhotographs(folder: set.folder)
    }
    let held = DetectionExamples.species(in: sets)
    guard held.contains(where: \.isAdversarial) else {
      throw AttackSetError.badPairs(
        file: words, reason: "no attack in it succeeded; expected some beside untouched pictures")
    }
    for name in names where !held.contains(where: { $0.isNamed(in: [name]) }) {
      throw AttackSetError.noSuchAttack(
        folder: words, name: name, names: Set(held.map(\.name)).sorted())
    }
    let manifest = try ModelManifest(folder: models.path)
    let known = try manifest.attackedIdentities()
    for set in sets where !known.contains(set.settings.embedder) {
      throw AttackSetError.otherSettings(folder: set.folder)
    }
    let embedder = try FaceEmbedder(of: manifest, folder: models.path)
    let extractor = FeatureExtractor(
      groups,
      reconstructor: try FaceReconstructor(of: manifest, folder: models.path, embedder: embedder),
      witness: needsWitness
        ? try FaceEmbedder(FaceEmbedder.witnessName, of: manifest, folder: models.path) : nil,
      descriptor: descriptor)
    let examples = try DetectionExamples(
      sets, includesTargets: includesTargets, untouched: untouched, extractor: extractor
    ) {
      Console.progress("described \($0) of \($1) pictures")
    }
    Console.endProgress()
    return examples
  }
}
