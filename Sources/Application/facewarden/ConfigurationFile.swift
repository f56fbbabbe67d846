import CommandLineArguments
import Files
import JSON

/// The file of `--config`: a JSON object of options without their dashes, `{"port": 8080, …}`.
///
/// A text, a number or a truth value is an option's value; a list is that of an option that may be
/// repeated.
enum ConfigurationFile {
  /// Reads a file.
  ///
  /// - Throws: `UsageError.conflict`.
  static func read(_ path: String) throws(UsageError) -> Configuration {
    let document: JSONDocument
    do {
      let bytes = try ReadableFile.bytes(of: path, limit: 1 << 20)
      guard let text = PlainText.text(of: bytes) else {
        throw UsageError.conflict("'\(path)' is no text")
      }
      document = try JSONDocument(Array(text.utf8))
    } catch let error as UsageError {
      throw error
    } catch let error as JSONDocumentError {
      throw .conflict("'\(path)' is no JSON object, {\"port\": 8080, …}: \(error)")
    } catch {
      throw .conflict("\(error)")
    }
    guard case .object(let object) = document.value else {
      throw .conflict("'\(path)' is no JSON object; expected {\"port\": 8080, …}")
    }
    var members: [(name: String, value: Configuration.Value)] = []
    for (name, value) in object.sorted(by: { $0.key < $1.key }) {
      // What is no whole number of this size is told as it stands there.
      guard let read = configured(value, literal: document.literals[name]) else {
        throw .conflict(
          "'\(name)' in '\(path)' is no text, number or truth value, nor a list of the first two")
      }
      members.append((name, read))
    }
    return Configuration(source: path, members: members)
  }

  private static func configured(_ value: JSONValue, literal: String?) -> Configuration.Value? {
    switch value {
    case .bool(let isSet): return .flag(isSet)
    case .string, .number: return word(value, literal: literal).map { .words([$0]) }
    case .array(let values):
      let words = values.compactMap { word($0, literal: nil) }
      return words.count == values.count && !words.isEmpty ? .words(words) : nil
    default: return nil
    }
  }

  private static func word(_ value: JSONValue, literal: String?) -> String? {
    switch value {
    case .string(let text): text
    case .number(let number): value.integer.map(String.init) ?? literal ?? "\(number)"
    default: nil
    }
  }
}
