private import Foundation

/// Values as text that every door answers with.
public enum JSONText {
  /// A value as one line of JSON, members in order of name; control characters are escaped.
  ///
  /// - Throws: what encoding throws, for example of numbers that are not finite.
  public static func bytes(of value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let bytes = [UInt8](try encoder.encode(value))
    // Most answers are plain ASCII without DEL; of the rest the encoder leaves some controls as they are.
    guard bytes.contains(where: { $0 >= 0x7F }) else { return bytes }
    return Array(String(decoding: bytes, as: UTF8.self).escapingControls.utf8)
  }
}
