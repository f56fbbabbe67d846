import Checkpoints
import CommandLineArguments
import Embedders
import FaceFinding
import Foundation
import Reconstruction
import Screening

/// What each training of f_C, f_V, A and G is told beside its own settings: whose faces, and where
/// things lie.
struct TrainingSettings: CommandSettings {
  /// Labelled faces.
  var data = LabelledData()
  /// Folders and tars of pictures of whoever.
  var unlabelled: [String] = []
  /// The folder of the models.
  var models = ModelsFolder()
  /// The model's name.
  var name = FaceEmbedder.modelName
  /// Where all randomness comes from.
  var seed: UInt64 = 1
  /// Where the training is kept while it runs.
  var place = TrainingPlace()
  /// Where the state is.
  private(set) var statePath = ""
  private var isHalf = false

  /// The numbers in which the weights are published.
  var format: FloatFormat { isHalf ? .float16 : .float32 }

  static let settings = part(\.data) + part(\.models)

  /// The declaration of the model's name.
  static func name(_ help: String) -> Setting<Self> {
    .value("--name", "NAME", help, \.name, .modelName)
  }

  /// The declaration of the seed.
  static let seed: Setting<Self> = .value(
    "--seed", "N", "Where all randomness comes from.", \.seed, .unsignedInteger)

  /// The declaration of the published weights' precision.
  static let half: Setting<Self> = .flag(
    "--half",
    "Publishes the weights in half precision: half the bytes; figures are measured with them.",
    \.isHalf)

  /// The declaration of pictures of whoever.
  static func unlabelled(needs: String? = nil) -> Setting<Self> {
    .repeated(
      "--unlabelled", "PATH",
      "A folder or tar of aligned pictures of whoever, at any depth; may be repeated.",
      \.unlabelled, .text, needs: needs)
  }

  /// The state's path without its extension: the beginning of the names of what lies beside it.
  var stem: String { (statePath as NSString).deletingPathExtension }

  /// The names of all sources, without folders.
  var sourceNames: [String] {
    data.names + unlabelled.map { ($0 as NSString).lastPathComponent }
  }

  /// Names that belong to one kind of model.
  private static let embedders = [FaceEmbedder.modelName, "f_v"]
  private static let others = [
    FaceReconstructor.modelName, AdversarialDetector.modelName, PairDetector.modelName,
    FaceDetector.modelName,
  ]

  /// Refuses a name that belongs to another kind of model, and says where the state is.
  ///
  /// - `standard`, `state`: the model's name and its state's, without extension, if they are not given.
  /// - Throws: `UsageError`.
  mutating func check(name standard: String, state: String) throws(UsageError) {
    let isEmbedder = Self.embedders.contains(standard)
    let taken = isEmbedder ? Self.others : Self.embedders + Self.others
    guard name == standard || !taken.contains(name) else {
      throw .invalidValue(
        name: "option '--name'", value: name, expected: "a name that no other kind of model has")
    }
    statePath = place.given ?? "runs/\(name == standard ? state : name).state"
  }
}
