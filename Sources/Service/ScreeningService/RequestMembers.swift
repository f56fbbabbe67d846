package import UseCases
private import Faces
private import Files
private import Foundation
private import HTTPServer
private import JSON
private import Screening

/// A request's members by name, whether they came as JSON or as a form; unknown ones are refused.
package struct RequestMembers {
  private enum Member {
    case value(JSONValue)
    case content([UInt8])
  }
  private var members: [String: Member] = [:]
  /// Numbers as they are written.
  private var literals: [String: String] = [:]

  /// A JSON object; a member that is given twice is refused, in whatever spelling.
  package init(json bytes: [UInt8]) throws(Problem) {
    let document: JSONDocument
    do {
      document = try JSONDocument(bytes)
    } catch .syntax {
      throw .noObject
    } catch {
      throw .malformed("\(error)")
    }
    guard case .object(let object) = document.value else { throw .noObject }
    (members, literals) = (object.mapValues { .value($0) }, document.literals)
  }

  /// A form.
  package init(form bytes: [UInt8], contentType: String) throws(Problem) {
    do {
      members = try MultipartForm(bytes, contentType: contentType).parts.mapValues {
        .content($0.content)
      }
    } catch {
      throw .malformed("\(error)")
    }
  }

  /// Two aligned faces.
  init(alignedPair probe: [UInt8], _ reference: [UInt8]) {
    members = [
      "probe": .content(probe), "reference": .content(reference), "aligned": .value(.bool(true)),
    ]
  }

  /// A picture alone.
  init(picture bytes: [UInt8]) { members = ["picture": .content(bytes)] }

  /// Refuses members that nobody reads, such as misspelt ones.
  package func expect(_ known: [String]) throws(Problem) {
    guard let other = members.keys.filter({ !known.contains($0) }).min() else { return }
    let name = other.prefix(40)
    throw .malformed("unknown member '\(name)'; expected some of \(known.joined(separator: ", "))")
  }

  /// What the caller calls the request: a text of at most 256 bytes, or a whole number, whose digits are
  /// kept however many there are.
  package var id: String? {
    get throws(Problem) {
      let id: String?
      switch members["id"] {
      case nil, .value(.null): return nil
      case .value(let value): id = value.string ?? wholeNumber("id")
      case .content(let bytes): id = String(validating: bytes, as: UTF8.self)
      }
      guard let id, id.utf8.count <= 256 else {
        throw .malformed("'id' is no text of at most 256 bytes and no whole number")
      }
      return id
    }
  }

  /// The digits of a number without a point or an exponent.
  private func wholeNumber(_ name: String) -> String? {
    literals[name].flatMap {
      $0.utf8.allSatisfy { $0 == 0x2D || (48...57).contains($0) } ? $0 : nil
    }
  }

  /// What a line asks for; a verification if it does not say.
  package var use: LineUse {
    get throws(Problem) {
      switch members["do"] {
      case nil, .value(.null): return .verify
      case .value(let value):
        if let use = value.string.flatMap(LineUse.init) { return use }
      case .content: break
      }
      throw .malformed(
        "'do' is none of \(LineUse.allCases.map(\.rawValue).joined(separator: ", "))")
    }
  }

  /// A number, in a range.
  package func number(_ name: String, in range: ClosedRange<Double>) throws(Problem)
    -> Double?
  {
    let number: Double?
    switch members[name] {
    case nil, .value(.null): return nil
    case .value(let value): number = value.number
    case .content(let bytes): number = Double(String(decoding: bytes, as: UTF8.self))
    }
    guard let number, range.contains(number) else {
      throw .malformed(
        "'\(name)' is no number from \(Int(range.lowerBound)) to \(Int(range.upperBound))")
    }
    return number
  }

  /// A truth value.
  package func flag(_ name: String) throws(Problem) -> Bool {
    switch members[name] {
    case nil, .value(.null): return false
    case .value(.bool(let value)): return value
    case .content(Array("true".utf8)): return true
    case .content(Array("false".utf8)): return false
    default: throw .malformed("'\(name)' is neither true nor false")
    }
  }

  /// A picture: a part of a form, `NAME_base64`, or a path as `NAME` where paths are allowed.
  package func picture(_ name: String, allowsPaths: Bool) throws(Problem) -> PictureRequest {
    let content: PictureRequest.Content
    switch (members[name], members[name + "_base64"]) {
    case (.some, .some):
      throw .malformed("the request has both '\(name)' and '\(name)_base64'; expected one")
    case (.content(let bytes)?, nil): content = .bytes(bytes)
    case (.value(let value)?, nil):
      guard allowsPaths else {
        throw .malformed("'\(name)' is no part of a form; expected '\(name)_base64'")
      }
      guard let path = value.string, !path.utf8.contains(0) else {
        throw .malformed("'\(name)' is no path")
      }
      content = .path(path)
    case (nil, .value(let value)?):
      guard let text = value.string else {
        throw .malformed("'\(name)_base64' is no text; expected Base64")
      }
      do {
        content = .bytes(try Base64Text(text).bytes)
      } catch {
        throw .malformed("'\(name)_base64' is not Base64: \(error)")
      }
    case (nil, .content?):
      throw .malformed("'\(name)_base64' is for JSON; expected a part '\(name)'")
    case (nil, nil):
      throw .malformed(
        allowsPaths
          ? "the request has neither '\(name)' nor '\(name)_base64'"
          : "the request has no picture '\(name)': a part of a form, or '\(name)_base64' in JSON")
    }
    let (landmarks, isAligned) = (try landmarks(name + "_landmarks"), try flag("aligned"))
    guard landmarks == nil || !isAligned else {
      throw .malformed("'aligned' and '\(name)_landmarks' exclude each other")
    }
    return PictureRequest(
      content, name: name, place: landmarks.map { .given($0) } ?? (isAligned ? .aligned : nil))
  }

  /// Whether the request has a member of this name.
  package func has(_ name: String) -> Bool { members[name] != nil }

  /// A name: a text of 1 to 256 bytes.
  package func name(_ name: String) throws(Problem) -> String {
    let text: String? =
      switch members[name] {
      case .value(let value)?: value.string
      case .content(let bytes)?: String(validating: bytes, as: UTF8.self)
      case nil: nil
      }
    guard let text, (1...FaceTemplate.longestName).contains(text.utf8.count) else {
      throw .malformed("'\(name)' is no text of 1 to \(FaceTemplate.longestName) bytes")
    }
    return text
  }

  /// The contents of a template: an object in JSON, a part of a form, or a file's path where paths are
  /// allowed.
  package func template(allowsPaths: Bool) throws -> [UInt8] {
    switch members["template"] {
    case .content(let bytes)?: return bytes
    case .value(.object(let object))?: return try JSONText.bytes(of: JSONValue.object(object))
    case .value(.string(let path))? where allowsPaths && !path.utf8.contains(0):
      do {
        return try ReadableFile.bytes(of: path, limit: FaceTemplate.longestFile)
      } catch {
        throw Problem.malformed("\(error)")
      }
    default:
      throw Problem.malformed(
        "'template' is no template; expected "
          + (allowsPaths ? "an object or a path" : "an object in JSON, or a part of a form"))
    }
  }

  private func landmarks(_ name: String) throws(Problem) -> Landmarks? {
    switch members[name] {
    case nil, .value(.null): return nil
    case .value(let value): return try Landmarks(value, name: name)
    case .content(let bytes):
      return try Landmarks((try? JSONDocument(bytes))?.value ?? .null, name: name)
    }
  }
}
