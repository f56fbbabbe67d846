private import Files
private import JSON

/// Why a file of keys cannot be used.
public enum APIKeysError: Error, Equatable, CustomStringConvertible {
  /// A line is not of the form.
  case malformed(line: Int)
  /// Two lines have one name.
  case duplicate(name: String)
  /// There is no key in it.
  case empty

  public var description: String {
    switch self {
    case .malformed(let line):
      "line \(line) of the keys is malformed; expected 'NAME SHA256', the checksum of the key in 64 "
        + "hexadecimal digits"
    case .duplicate(let name): "the keys have two lines for '\(name)'"
    case .empty: "the file of keys has no key"
    }
  }
}

/// The keys that a service knows, by the names of their holders; only checksums are kept.
///
/// Keys have to be long and random (`openssl rand -hex 32`): their checksums are not salted.
public struct APIKeys: Sendable {
  private var checksums: [(name: String, digits: [UInt8])] = []

  /// Reads lines of `NAME SHA256`; empty lines and those that begin with `#` are skipped.
  ///
  /// - Throws: ``APIKeysError``.
  public init(_ text: String) throws(APIKeysError) {
    for (index, line) in PlainText.lines(of: text).enumerated() {
      let words = line.split(whereSeparator: \.isWhitespace)
      guard let name = words.first, !name.hasPrefix("#") else { continue }
      let isDigit: (UInt8) -> Bool = { (48...57).contains($0) || (97...102).contains($0) }
      guard words.count == 2, name.utf8.count <= 64, words[1].utf8.count == 64,
        words[1].utf8.allSatisfy(isDigit)
      else { throw .malformed(line: index + 1) }
      guard !checksums.contains(where: { $0.name == name }) else {
        throw .duplicate(name: String(name))
      }
      checksums.append((String(name), Array(words[1].utf8)))
    }
    guard !checksums.isEmpty else { throw .empty }
  }

  /// The holder of a key; nil if it is none of them.
  ///
  /// Takes the same time whichever key it is, and whether or not it is one.
  public func holder(of key: String) -> String? {
    let digits = Array(SHA256.hex(of: Array(key.utf8)).utf8)
    var found: String?
    for checksum in checksums {
      var difference: UInt8 = 0
      for index in 0..<64 { difference |= checksum.digits[index] ^ digits[index] }
      if difference == 0 { found = checksum.name }
    }
    return found
  }

  /// The key that a request presents: `Authorization: Bearer KEY` or `X-API-Key: KEY`.
  static func presented(_ fields: [String: String]) -> String? {
    if let field = fields["authorization"] {
      let words = field.split(separator: " ")
      guard words.count == 2, words[0].lowercased() == "bearer" else { return nil }
      return String(words[1])
    }
    return fields["x-api-key"]
  }
}
