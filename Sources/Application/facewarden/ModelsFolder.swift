import CommandLineArguments
import Foundation

/// The folder of the models.
struct ModelsFolder: CommandSettings {
  private var given: String?

  static let settings: [Setting<Self>] = [
    .optional(
      "--models", "DIR", "The folder of the models; $FACEWARDEN_MODELS or 'models' if not given.",
      \.given, .text, isRecorded: false)
  ]

  /// The folder that is given, or the usual one.
  var path: String {
    given ?? ProcessInfo.processInfo.environment["FACEWARDEN_MODELS"] ?? "models"
  }
}
