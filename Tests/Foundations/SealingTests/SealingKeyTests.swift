import Foundation
import Testing

@testable import Sealing

@Suite struct SealingKeyTests {
  private let key = try? SealingKey(hex: String(repeating: "0f", count: 32))

  @Test("what was sealed is opened again, whatever its length")
  func roundTrip() throws {
    let key = try #require(key)
    for count in [0, 1, 15, 16, 17, 5000] {
      let plain = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) }
      let sealed = key.seal(plain, purpose: "test")
      #expect(sealed.count == count + 28)
      #expect(try key.open(sealed, purpose: "test") == plain)
      #expect(key.seal(plain, purpose: "test") != sealed, "a nonce was used twice")
    }
  }

  @Test("a changed bit, another key, another purpose and a cut message are refused")
  func refusals() throws {
    let key = try #require(key)
    let sealed = key.seal(Array("hello".utf8), purpose: "test")
    for place in sealed.indices {
      var changed = sealed
      changed[place] ^= 1
      #expect(throws: SealingError.notSealedWithThisKey) { try key.open(changed, purpose: "test") }
    }
    for count in 0..<sealed.count {
      let cut = Array(sealed.prefix(count))
      #expect(throws: SealingError.notSealedWithThisKey) { try key.open(cut, purpose: "test") }
    }
    #expect(throws: SealingError.notSealedWithThisKey) { try key.open(sealed, purpose: "other") }
    let other = try SealingKey(hex: String(repeating: "1f", count: 32))
    #expect(throws: SealingError.notSealedWithThisKey) { try other.open(sealed, purpose: "test") }
  }

  @Test("the algorithm is AES-256-GCM: a published vector")
  func vector() throws {
    // McGrew, Viega: The Galois/Counter Mode of Operation, test case 14: a key and a message of zeros.
    let cipher = Cipher(
      [UInt8](repeating: 0, count: 32), nonce: [UInt8](repeating: 0, count: 12), encrypts: true)
    #expect(
      hex(cipher.transform([UInt8](repeating: 0, count: 16))) == "cea7403d4d606b6e074ec5d3baf39d18")
    #expect(hex(cipher.finish() ?? []) == "d0d1c8a799996bf0265b98b5d48ab919")
  }

  @Test(
    "a key is 64 hexadecimal digits",
    arguments: [
      "", "00", String(repeating: "0", count: 63), String(repeating: "g", count: 64),
      String(repeating: "0", count: 65), String(repeating: "é", count: 32),
    ])
  func malformed(text: String) {
    #expect(throws: SealingError.noKey) { try SealingKey(hex: text) }
  }

  private func hex(_ bytes: [UInt8]) -> String { bytes.map { String(format: "%02x", $0) }.joined() }
}
