private import CCrypto
private import Files

/// A secret key of 256 bits, by which bytes are sealed so that only its holders can read or change them.
///
/// Algorithm: AES-256-GCM with a random nonce of 96 bits for each message; one key is good for 2³² messages.
///
/// Reference: NIST SP 800-38D.
public struct SealingKey: Sendable {
  /// Bytes of the nonce, and of the tag.
  static let nonceCount = 12
  static let tagCount = 16

  private let bytes: [UInt8]

  /// Reads a key from 64 hexadecimal digits, as `openssl rand -hex 32` prints them; blanks around them are
  /// skipped.
  ///
  /// - Throws: ``SealingError/noKey``.
  public init(hex text: String) throws(SealingError) {
    let digits = text.utf8.filter { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    let values = digits.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    guard digits.count == 64, values.count == 64 else { throw .noKey }
    bytes = (0..<32).map { UInt8(values[2 * $0] << 4 | values[2 * $0 + 1]) }
  }

  /// Reads a key from a file of 64 hexadecimal digits.
  ///
  /// - Throws: ``SealingError/noKey`` or `FileError`.
  public init(path: String) throws {
    let bytes = try ReadableFile.bytes(of: path, limit: 4096)
    guard let text = PlainText.text(of: bytes) else { throw SealingError.noKey }
    try self.init(hex: text)
  }

  /// Seals bytes: nonce, encrypted bytes, tag; 28 bytes more than there were.
  ///
  /// - `purpose`: what they are for; it is not stored, and opening needs the same.
  public func seal(_ plain: [UInt8], purpose: String) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    let nonce = (0..<Self.nonceCount).map { _ in UInt8.random(in: .min ... .max, using: &generator)
    }
    let cipher = Cipher(bytes, nonce: nonce, encrypts: true)
    cipher.authenticate(Array(purpose.utf8))
    let sealed = cipher.transform(plain)
    guard let tag = cipher.finish() else { preconditionFailure("libcrypto did not finish a seal") }
    return nonce + sealed + tag
  }

  /// Opens what ``seal(_:purpose:)`` made.
  ///
  /// - Throws: ``SealingError/notSealedWithThisKey`` if a bit of it, the key or the purpose is another.
  public func open(_ sealed: [UInt8], purpose: String) throws(SealingError) -> [UInt8] {
    guard sealed.count >= Self.nonceCount + Self.tagCount else { throw .notSealedWithThisKey }
    let cipher = Cipher(bytes, nonce: Array(sealed.prefix(Self.nonceCount)), encrypts: false)
    cipher.authenticate(Array(purpose.utf8))
    let plain = cipher.transform(
      Array(sealed[Self.nonceCount..<sealed.count - Self.tagCount]))
    cipher.expect(tag: Array(sealed.suffix(Self.tagCount)))
    // Nothing of what was decrypted is given out before the tag is found to be right.
    guard cipher.finish() != nil else { throw .notSealedWithThisKey }
    return plain
  }
}

/// Why sealed bytes cannot be used.
public enum SealingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The text is no key.
  case noKey
  /// The bytes were changed, or sealed with another key or for another purpose.
  case notSealedWithThisKey

  public var description: String {
    switch self {
    case .noKey: "no key; expected 64 hexadecimal digits, as 'openssl rand -hex 32' prints them"
    case .notSealedWithThisKey: "it was sealed with another key, or changed since"
    }
  }
}
