private import CCrypto

/// The SHA-256 checksum of bytes and files, as 64 lower-case hexadecimal digits.
///
/// Reference: FIPS 180-4.
public enum SHA256 {
  /// Computes the checksum of `bytes`.
  public static func hex(of bytes: [UInt8]) -> String {
    var digest = Digest()
    bytes.withUnsafeBytes { digest.update($0) }
    return digest.hex()
  }

  /// Computes the checksum of a file, reading it in pieces.
  ///
  /// - Throws: ``FileError``.
  public static func hex(ofFile path: String) throws(FileError) -> String {
    let file = try ReadableFile(path)
    var digest = Digest()
    for start in stride(from: 0, to: file.byteCount, by: 1 << 16) {
      let piece = try file.bytes(in: start..<min(start + 1 << 16, file.byteCount))
      piece.withUnsafeBytes { digest.update($0) }
    }
    return digest.hex()
  }
}

/// The owner of one running checksum.
private struct Digest: ~Copyable {
  private let context: OpaquePointer

  init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      preconditionFailure("libcrypto has no SHA-256 or no memory")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    let status = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    precondition(status == 1, "libcrypto refused \(bytes.count) bytes")
  }

  mutating func hex() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    let status = EVP_DigestFinal_ex(context, &digest, nil)
    precondition(status == 1, "libcrypto did not finish the checksum")
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
