private import Foundation

/// Why a text is no Base64.
enum Base64TextError: Error, Equatable, CustomStringConvertible {
  /// A character of neither alphabet; `place` counts bytes from 1.
  case character(Unicode.Scalar, place: Int)
  /// The text has characters of both alphabets.
  case mixedAlphabets
  /// The characters do not make whole bytes, or the padding is wrong.
  case incomplete
  /// A `data:` URL that is not one of Base64.
  case dataURL

  var description: String {
    switch self {
    case .character(let scalar, let place):
      "character \(place) is U+\(String(scalar.value, radix: 16, uppercase: true))"
    case .mixedAlphabets: "it has '+' or '/' as well as '-' or '_'"
    case .incomplete: "its length or its padding is wrong"
    case .dataURL: "it is a URL; expected 'data:TYPE;base64,' before the characters"
    }
  }
}

/// Bytes written as Base64, in the forms that programs hand over.
///
/// Blanks and line ends are skipped. The alphabet may be the usual one or the one for URLs, padding may be
/// left out, and `data:TYPE;base64,` may stand before it.
///
/// Reference: RFC 4648 sections 4 and 5, RFC 2045 section 6.8, RFC 2397.
struct Base64Text: Equatable {
  /// What was written.
  let bytes: [UInt8]

  /// Reads a text.
  init(_ text: String) throws(Base64TextError) {
    var digits = [UInt8](text.utf8)
    let start = try Self.start(of: digits)
    var usual = false
    var forURLs = false
    var kept = start
    for place in start..<digits.count {
      let byte = digits[place]
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0D: continue
      case UInt8(ascii: "+"), UInt8(ascii: "/"):
        usual = true
        digits[kept] = byte
      case UInt8(ascii: "-"):
        forURLs = true
        digits[kept] = UInt8(ascii: "+")
      case UInt8(ascii: "_"):
        forURLs = true
        digits[kept] = UInt8(ascii: "/")
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "="): digits[kept] = byte
      default: throw .character(Self.scalar(at: place, of: text), place: place + 1)
      }
      kept += 1
    }
    guard !usual || !forURLs else { throw .mixedAlphabets }
    digits.removeSubrange(kept...)
    digits.removeFirst(start)
    let filler = UInt8(ascii: "=")
    let padding = digits.reversed().prefix { $0 == filler }.count
    let count = digits.count - padding
    guard padding < 3, count % 4 != 1, padding == 0 || digits.count % 4 == 0,
      !digits[..<count].contains(filler)
    else { throw .incomplete }
    digits += [UInt8](repeating: filler, count: (4 - digits.count % 4) % 4)
    guard let data = Data(base64Encoded: Data(digits)) else { throw .incomplete }
    bytes = [UInt8](data)
  }

  /// Where the digits begin: behind the head of a `data:` URL, if there is one.
  private static func start(of text: [UInt8]) throws(Base64TextError) -> Int {
    // A colon is no digit, so nothing else is taken for a URL.
    guard let colon = text.prefix(16).firstIndex(of: UInt8(ascii: ":")) else { return 0 }
    guard let comma = text.prefix(256).firstIndex(of: UInt8(ascii: ",")), colon < comma else {
      throw .dataURL
    }
    let head = String(decoding: text[..<comma], as: UTF8.self).lowercased()
    guard head.hasPrefix("data:"), head.hasSuffix(";base64") else { throw .dataURL }
    return comma + 1
  }

  private static func scalar(at place: Int, of text: String) -> Unicode.Scalar {
    let index = text.utf8.index(text.utf8.startIndex, offsetBy: place)
    return text.unicodeScalars[index]
  }
}
