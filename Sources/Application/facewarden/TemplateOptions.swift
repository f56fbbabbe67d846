import CommandLineArguments
import Sealing
import UseCases

/// The options of commands that read or write templates.
enum TemplateOptions {
  static let key = CommandOption.value(
    "--template-key", "FILE",
    "64 hexadecimal digits that templates are sealed with (openssl rand -hex 32); others are refused."
  )
}

extension Arguments {
  /// The key that templates are sealed with, if one is given.
  func templateKey() throws -> SealingKey? {
    guard let path = text("--template-key") else { return nil }
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
