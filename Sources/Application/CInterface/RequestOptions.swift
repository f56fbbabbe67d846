import Faces
import JSON
import UseCases

/// A request's options by name; unknown ones, and those that are given twice, are refused.
struct RequestOptions {
  /// The longest options, in bytes.
  static let longest = 1 << 20

  private let members: [String: JSONValue]

  /// Reads a JSON object; nil stands for an empty one.
  ///
  /// - `known`: the names that somebody reads.
  init(_ text: UnsafePointer<CChar>?, known: [String]) throws(Problem) {
    guard let text else {
      members = [:]
      return
    }
    guard let bytes = CText.bytes(text, limit: Self.longest) else {
      throw .malformed("the options have more than \(Self.longest) bytes")
    }
    let document: JSONDocument
    do { document = try JSONDocument(bytes) } catch {
      throw .malformed("the options are no JSON object: \(error)")
    }
    guard case .object(let object) = document.value else {
      throw .malformed("the options are no JSON object")
    }
    if let other = object.keys.filter({ !known.contains($0) }).min() {
      throw .malformed(
        "unknown option '\(other.prefix(40))'; expected some of \(known.joined(separator: ", "))")
    }
    members = object.filter { $0.value != .null }
  }

  /// Whether an option is given.
  func has(_ name: String) -> Bool { members[name] != nil }

  /// A number in a range, if it is given.
  func number(_ name: String, in range: ClosedRange<Double>) throws(Problem) -> Double? {
    guard let value = members[name] else { return nil }
    guard let number = value.number, range.contains(number) else {
      throw .malformed("'\(name)' is no number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A whole number in a range, if it is given.
  func integer(_ name: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
    guard let value = members[name] else { return nil }
    guard let number = value.number, let integer = Int(exactly: number), range.contains(integer)
    else {
      throw .malformed(
        "'\(name)' is no whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return integer
  }

  /// A truth value; false if it is not given.
  func flag(_ name: String) throws(Problem) -> Bool {
    guard let value = members[name] else { return false }
    guard case .bool(let flag) = value else {
      throw .malformed("'\(name)' is neither true nor false")
    }
    return flag
  }

  /// A text of at most 256 bytes, if it is given.
  func text(_ name: String) throws(Problem) -> String? {
    guard let value = members[name] else { return nil }
    guard let text = value.string, text.utf8.count <= 256 else {
      throw .malformed("'\(name)' is no text of at most 256 bytes")
    }
    return text
  }

  /// Where the face of a picture is, as the options say; nil if they say nothing.
  func place(of name: String) throws(Problem) -> FacePlaceOption? {
    let landmarks: Landmarks? =
      if let value = members[name + "_landmarks"] {
        try Landmarks(value, name: name + "_landmarks")
      } else {
        nil
      }
    let isAligned = try flag("aligned")
    guard landmarks == nil || !isAligned else {
      throw .malformed("'aligned' and '\(name)_landmarks' exclude each other")
    }
    return landmarks.map { .given($0) } ?? (isAligned ? .aligned : nil)
  }
}

/// What options say of where a face is.
enum FacePlaceOption {
  /// The picture is the face.
  case aligned
  /// By five points.
  case given(Landmarks)
}

/// Texts that C lends.
enum CText {
  /// The bytes before the NUL; nil if there are more than the limit, of which no more is read.
  static func bytes(_ text: UnsafePointer<CChar>, limit: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    while text[bytes.count] != 0 {
      if bytes.count == limit { return nil }
      bytes.append(UInt8(bitPattern: text[bytes.count]))
    }
    return bytes
  }

  /// A path; nil if it is empty, too long, or no UTF-8.
  static func path(_ text: UnsafePointer<CChar>) -> String? {
    self.text(text, limit: 4096)
  }

  /// The name of a person; nil if it is empty, too long, or no UTF-8.
  static func name(_ text: UnsafePointer<CChar>) -> String? {
    self.text(text, limit: FaceTemplate.longestName)
  }

  private static func text(_ text: UnsafePointer<CChar>, limit: Int) -> String? {
    guard let bytes = bytes(text, limit: limit), !bytes.isEmpty else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }
}
