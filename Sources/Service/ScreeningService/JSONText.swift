public import Screening
private import JSON
public import UseCases

extension PictureVerdict {
  /// The verdict as one line of JSON, members in order of name.
  ///
  /// - Throws: what encoding throws, for example of numbers that are not finite.
  public func line() throws -> String { String(decoding: try jsonBytes(self), as: UTF8.self) }
}

extension Verdict {
  /// The verdict as one line of JSON, members in order of name.
  ///
  /// - Throws: what encoding throws, for example of numbers that are not finite.
  public func line() throws -> String { String(decoding: try jsonBytes(self), as: UTF8.self) }
}

/// A value as one line of JSON, members in order of name.
func jsonBytes(_ value: some Encodable) throws -> [UInt8] { try JSONText.bytes(of: value) }
