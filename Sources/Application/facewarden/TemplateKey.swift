import CommandLineArguments
import Sealing
import UseCases

/// The key that templates are sealed with.
struct TemplateKey: CommandSettings {
  /// The key's file, if there is one.
  private(set) var path: String?

  static let settings: [Setting<Self>] = [
    .optional(
      "--template-key", "FILE",
      "64 hexadecimal digits that templates are sealed with (openssl rand -hex 32); others are refused.",
      \.path, .text)
  ]

  /// The key, if one is given.
  func key() throws -> SealingKey? {
    guard let path else { return nil }
    do {
      return try SealingKey(path: path)
    } catch let error as SealingError {
      throw TemplateKeyError(path: path, reason: error)
    }
  }
}

/// A file that holds no key.
struct TemplateKeyError: Error, CustomStringConvertible {
  let path: String
  let reason: SealingError

  var description: String { "'\(path)' is \(reason)" }
}
