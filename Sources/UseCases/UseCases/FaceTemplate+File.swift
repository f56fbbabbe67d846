private import Foundation
private import JSON
public import Sealing

extension FaceTemplate {
  /// Bytes that a template's file may have.
  public static let longestFile = 1 << 20
  /// What a seal is for, so that other sealed things cannot take a template's place.
  private static let purpose = "facewarden template"

  /// A sealed template.
  private struct Sealed: Codable {
    var schema = FaceTemplate.schemaVersion
    var sealed: String

    enum CodingKeys: String, CodingKey {
      case sealed
      case schema = "facewarden_template"
    }
  }

  /// The template as the contents of a file: one line of JSON, sealed if there is a key.
  ///
  /// - Throws: what encoding throws of numbers that are not finite.
  public func file(key: SealingKey? = nil) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var bytes = [UInt8](try encoder.encode(self))
    if let key {
      let sealed = Data(key.seal(bytes, purpose: Self.purpose)).base64EncodedString()
      bytes = [UInt8](try encoder.encode(Sealed(sealed: sealed)))
    }
    return bytes + [UInt8(ascii: "\n")]
  }

  /// Reads a template.
  ///
  /// - `key`: what it was sealed with; a template without a seal is refused then, because anybody could
  ///   have made it.
  /// - Throws: ``FaceTemplateError``.
  public init(file: [UInt8], key: SealingKey? = nil) throws(FaceTemplateError) {
    var bytes = file
    let members = try Self.members(bytes)
    if case .string(let text)? = members["sealed"] {
      guard let key else { throw .sealed }
      guard members.count == 2, let sealed = Data(base64Encoded: text) else {
        throw .malformed("'sealed' is no Base64")
      }
      do { bytes = try key.open([UInt8](sealed), purpose: Self.purpose) } catch {
        throw .notSealedWithThisKey
      }
    } else if key != nil {
      throw .notSealed
    }
    do {
      self = try JSONDocument.decoded(Self.self, from: bytes)
    } catch {
      throw .malformed("its members are not those of a template")
    }
    try check()
  }

  private static func members(_ bytes: [UInt8]) throws(FaceTemplateError) -> [String: JSONValue] {
    guard bytes.count <= longestFile else {
      throw .malformed("it has \(bytes.count) bytes; the limit is \(longestFile)")
    }
    let value: JSONValue
    do { value = try JSONDocument(bytes).value } catch { throw .malformed("\(error)") }
    guard case .object(let members) = value, let version = members["facewarden_template"]?.integer
    else { throw .malformed("expected a JSON object with 'facewarden_template'") }
    guard version == schemaVersion else { throw .otherVersion(version) }
    return members
  }

  /// Refuses what would match anybody: a distance² means something between embeddings of unit length only.
  private func check() throws(FaceTemplateError) {
    guard Self.pictureCounts.contains(views.count) else {
      throw .malformed(
        "it has \(views.count) pictures; expected \(Self.pictureCounts.lowerBound) to "
          + "\(Self.pictureCounts.upperBound)")
    }
    guard !name.isEmpty, name.utf8.count <= Self.longestName else {
      throw .malformed("its name is empty or has more than \(Self.longestName) bytes")
    }
    for embeddings in [views.map(\.embedding), views.compactMap(\.witness)] {
      for embedding in embeddings {
        let square = embedding.reduce(0) { $0 + Double($1) * Double($1) }
        guard embedding.count == embeddings[0].count, abs(square - 1) < 1e-3 else {
          throw .malformed("an embedding is not of unit length, or of another width than the first")
        }
      }
      guard embeddings.isEmpty || embeddings.count == views.count else {
        throw .malformed("some pictures have no 'witness'")
      }
    }
    guard views.allSatisfy({ (0...1).contains($0.tampering) }) else {
      throw .malformed("a 'tampering' is no probability")
    }
  }
}
