/// Why a body is no form.
public enum MultipartError: Error, Equatable, CustomStringConvertible {
  /// The content type names no boundary, or one that is not allowed.
  case noBoundary
  /// The body has no boundary, or ends without the closing one.
  case unterminated
  /// A part's head breaks the format.
  case malformedPart(number: Int, expected: String)
  /// There are more parts than this.
  case tooManyParts(limit: Int)
  /// Two parts have one name.
  case duplicate(name: String)

  public var description: String {
    switch self {
    case .noBoundary:
      "the content type has no usable boundary; expected 'multipart/form-data; boundary=…'"
    case .unterminated:
      "the form is incomplete; expected its boundary before each part and, closing, at the end"
    case .malformedPart(let number, let expected):
      "part \(number) of the form is malformed; expected \(expected)"
    case .tooManyParts(let limit): "the form has more than \(limit) parts"
    case .duplicate(let name): "the form has two parts named '\(name)'; expected one"
    }
  }
}

/// The parts of a `multipart/form-data` body, by name.
///
/// Strict: one part a name, the lengths of heads and the number of parts bounded, no part in a transfer
/// encoding.
///
/// Reference: RFC 7578, RFC 2046 section 5.1.
public struct MultipartForm: Equatable, Sendable {
  /// One part.
  public struct Part: Equatable, Sendable {
    /// Whether the client named a file.
    public var isFile: Bool
    /// The content.
    public var content: [UInt8]
  }

  /// The parts by their names.
  public private(set) var parts: [String: Part] = [:]

  /// The longest head of a part, in bytes.
  static let longestHead = 4096

  /// Parses a body.
  ///
  /// What stands before the first boundary and after the last one is skipped, and so are blanks behind a
  /// boundary.
  ///
  /// - Throws: ``MultipartError``.
  public init(
    _ body: [UInt8], contentType: String, maximumParts: Int = 40
  ) throws(MultipartError) {
    guard let boundary = Self.boundary(contentType) else { throw .noBoundary }
    let delimiter = Array("--\(boundary)".utf8)
    let lineEnd = Array("\r\n".utf8)
    guard var position = Self.afterFirst(delimiter, in: body) else { throw .unterminated }
    var number = 0
    while true {
      let isLast = body[position...].starts(with: Array("--".utf8))
      if isLast { position += 2 }
      position = body[position...].firstIndex { $0 != 0x20 && $0 != 0x09 } ?? body.count
      if isLast {
        // Without a part, what came before was meant for one.
        guard number > 0 || body.starts(with: delimiter) else { throw .unterminated }
        guard position == body.count || body[position...].starts(with: lineEnd) else {
          throw .unterminated
        }
        return
      }
      guard body[position...].starts(with: lineEnd) else { throw .unterminated }
      position += 2
      number += 1
      guard number <= maximumParts else { throw .tooManyParts(limit: maximumParts) }
      let headEnd = Array("\r\n\r\n".utf8)
      let window = body[position..<min(body.count, position + Self.longestHead)]
      guard let length = Self.find(headEnd, in: window) else {
        throw .malformedPart(number: number, expected: "a head and an empty line")
      }
      let head = String(decoding: window[position..<length], as: UTF8.self)
      position = length + headEnd.count
      guard let end = Self.find(lineEnd + delimiter, in: body[position...]) else {
        throw .unterminated
      }
      let (name, isFile) = try Self.name(head, number)
      guard parts[name] == nil else { throw .duplicate(name: name) }
      parts[name] = Part(isFile: isFile, content: Array(body[position..<end]))
      position = end + 2 + delimiter.count
    }
  }

  /// Where the text behind the first boundary begins; it stands at the begin of a line.
  private static func afterFirst(_ delimiter: [UInt8], in body: [UInt8]) -> Int? {
    if body.starts(with: delimiter) { return delimiter.count }
    let line = Array("\r\n".utf8) + delimiter
    return find(line, in: body[...]).map { $0 + line.count }
  }

  /// The first place of `pattern`.
  private static func find(_ pattern: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    guard bytes.count >= pattern.count else { return nil }
    return bytes.withUnsafeBufferPointer { buffer -> Int? in
      pattern.withUnsafeBufferPointer { pattern -> Int? in
        let last = buffer.count - pattern.count
        var place = 0
        while place <= last {
          if buffer[place] == pattern[0] {
            var matched = 1
            while matched < pattern.count && buffer[place + matched] == pattern[matched] {
              matched += 1
            }
            if matched == pattern.count { return bytes.startIndex + place }
          }
          place += 1
        }
        return nil
      }
    }
  }

  /// The boundary that a content type names: 1 to 70 characters.
  static func boundary(_ contentType: String) -> String? {
    let field = HeaderField(contentType)
    guard field.value.lowercased() == "multipart/form-data",
      let value = field.parameters.first(where: { $0.name == "boundary" })?.value
    else { return nil }
    let isBoundary =
      (1...70).contains(value.utf8.count) && value.utf8.allSatisfy { (0x20...0x7E).contains($0) }
      && value.last != " "
    return isBoundary ? value : nil
  }

  private static func name(
    _ head: String, _ number: Int
  ) throws(MultipartError) -> (String, isFile: Bool) {
    var found: (String, Bool)?
    for line in head.split(separator: "\r\n", omittingEmptySubsequences: false) {
      let pair = line.split(separator: ":", maxSplits: 1)
      guard pair.count == 2 else {
        throw .malformedPart(number: number, expected: "lines of 'name: value'")
      }
      switch pair[0].lowercased() {
      case "content-disposition":
        guard found == nil, let named = disposition(String(pair[1])) else {
          throw .malformedPart(
            number: number, expected: "one 'Content-Disposition: form-data; name=\"…\"'")
        }
        found = named
      case "content-transfer-encoding":
        guard ["binary", "8bit", "7bit"].contains(HeaderField(String(pair[1])).value.lowercased())
        else {
          throw .malformedPart(number: number, expected: "no transfer encoding")
        }
      default: break
      }
    }
    guard let found else {
      throw .malformedPart(number: number, expected: "a 'Content-Disposition' with a name")
    }
    return found
  }

  private static func disposition(_ text: String) -> (String, Bool)? {
    let field = HeaderField(text)
    guard field.value.lowercased() == "form-data" else { return nil }
    let names = field.parameters.filter { $0.name == "name" }.map(\.value)
    guard names.count == 1, !names[0].isEmpty else { return nil }
    return (
      names[0], isFile: field.parameters.contains { ["filename", "filename*"].contains($0.name) }
    )
  }
}
