private import JSON

/// The members of a JSON object; those without a value are left out.
public struct JSONMembers: Encodable, Sendable, ExpressibleByDictionaryLiteral {
  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private let members: [(name: String, value: any Encodable & Sendable)]

  /// Creates an object of members in any order.
  public init(dictionaryLiteral members: (String, (any Encodable & Sendable)?)...) {
    self.members = members.compactMap { name, value in value.map { (name, $0) } }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Name.self)
    for (name, value) in members {
      try container.encode(value, forKey: Name(stringValue: name))
    }
  }

  /// One line of JSON, members in order of name.
  ///
  /// - Throws: what encoding throws, for example of numbers that are not finite.
  public func bytes() throws -> [UInt8] { try JSONText.bytes(of: self) }
}
