private import Foundation

/// Why bytes are no JSON document that is accepted.
public enum JSONDocumentError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The bytes break the grammar; `offset` is in bytes from the start.
  case syntax(offset: Int, expected: String)
  /// An object has two members of one name, in whatever spelling.
  case repeated(member: String)
  /// Lists and objects lie within each other more often than the limit.
  case tooDeep(limit: Int)

  public var description: String {
    switch self {
    case .syntax(let offset, let expected): "at byte \(offset): expected \(expected)"
    case .repeated(let member): "the member '\(member.prefix(40))' is given twice; expected once"
    case .tooDeep(let limit):
      "lists and objects lie within each other more than \(limit) deep"
    }
  }
}

/// A JSON document that came from outside, read strictly and in one pass.
///
/// A member that is given twice is refused, because readers do not agree on which one counts. The depth
/// is bounded. A byte order mark before the document is skipped.
///
/// Reference: RFC 8259.
public struct JSONDocument: Equatable, Sendable {
  /// The deepest that lists and objects may lie within each other.
  public static let depthLimit = 64

  /// The value.
  public let value: JSONValue
  /// The numbers among the members of the outermost object, as they are written there.
  public let literals: [String: String]

  /// Reads a document; nothing but blanks may come after the value.
  ///
  /// - Throws: ``JSONDocumentError``.
  public init(_ bytes: [UInt8]) throws(JSONDocumentError) {
    var scanner = JSONScanner(bytes)
    (value, literals) = try scanner.document()
  }

  /// Reads a value whose members `type` knows, from a document that ``init(_:)`` accepts.
  ///
  /// - Throws: ``JSONDocumentError`` or `DecodingError`.
  public static func decoded<Value: Decodable>(
    _ type: Value.Type = Value.self, from bytes: [UInt8]
  ) throws -> Value {
    _ = try JSONDocument(bytes)
    let rest = bytes.starts(with: JSONScanner.byteOrderMark) ? bytes.dropFirst(3) : bytes[...]
    return try JSONDecoder().decode(type, from: Foundation.Data(rest))
  }
}
