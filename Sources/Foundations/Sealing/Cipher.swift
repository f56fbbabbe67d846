private import CCrypto

/// The owner of one running AES-256-GCM.
struct Cipher: ~Copyable {
  private let context: OpaquePointer
  private let encrypts: Bool

  init(_ key: [UInt8], nonce: [UInt8], encrypts: Bool) {
    guard let context = EVP_CIPHER_CTX_new(),
      EVP_CipherInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce, encrypts ? 1 : 0) == 1
    else { preconditionFailure("libcrypto has no AES-256-GCM or no memory") }
    (self.context, self.encrypts) = (context, encrypts)
  }

  deinit { EVP_CIPHER_CTX_free(context) }

  /// Takes bytes into the tag that are not in the message.
  func authenticate(_ bytes: [UInt8]) {
    var count: Int32 = 0
    let status = EVP_CipherUpdate(context, nil, &count, bytes, Int32(bytes.count))
    precondition(status == 1, "libcrypto refused \(bytes.count) bytes")
  }

  /// Encrypts or decrypts all of a message.
  func transform(_ bytes: [UInt8]) -> [UInt8] {
    var (result, count) = ([UInt8](repeating: 0, count: bytes.count), Int32(0))
    guard !bytes.isEmpty else { return [] }
    let status = EVP_CipherUpdate(context, &result, &count, bytes, Int32(bytes.count))
    precondition(status == 1 && Int(count) == bytes.count, "libcrypto refused \(bytes.count) bytes")
    return result
  }

  /// Sets the tag that a message must have.
  func expect(tag: [UInt8]) {
    var tag = tag
    let status = EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag)
    precondition(status == 1, "libcrypto refused a tag of \(tag.count) bytes")
  }

  /// Ends the message: its tag when encrypting; nil if a message has another tag than is expected.
  func finish() -> [UInt8]? {
    var (rest, count) = ([UInt8](repeating: 0, count: 16), Int32(0))
    guard EVP_CipherFinal_ex(context, &rest, &count) == 1 else { return nil }
    guard encrypts else { return [] }
    var tag = [UInt8](repeating: 0, count: SealingKey.tagCount)
    let status = EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), &tag)
    return status == 1 ? tag : nil
  }
}
