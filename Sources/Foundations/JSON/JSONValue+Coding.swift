private import Foundation

extension Dictionary where Key == String, Value == JSONValue {
  /// The members of a value that encodes as an object.
  ///
  /// - Throws: what encoding throws.
  public init(describing value: some Encodable) throws {
    self = try JSONDecoder().decode(Self.self, from: JSONEncoder().encode(value))
  }

  /// The value whose members these are.
  ///
  /// - Throws: `DecodingError` if a member is missing or of another kind.
  public func decoded<Result: Decodable>(as type: Result.Type = Result.self) throws -> Result {
    try JSONDecoder().decode(type, from: JSONEncoder().encode(self))
  }
}
