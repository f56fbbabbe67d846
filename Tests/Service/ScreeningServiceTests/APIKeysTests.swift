import Checkpoints
import Files
import ScreeningService
import Testing

@Suite struct APIKeysTests {
  @Test("a key opens by its checksum, another one does not") func holders() throws {
    let (a, b) = (SHA256.hex(of: Array("secret-a".utf8)), SHA256.hex(of: Array("secret-b".utf8)))
    let keys = try APIKeys("# doors\n\nfront \(a)\n  back\t\(b)  \n")
    #expect(keys.holder(of: "secret-a") == "front")
    #expect(keys.holder(of: "secret-b") == "back")
    #expect(keys.holder(of: "secret-c") == nil)
    #expect(keys.holder(of: "") == nil)
    // The checksum itself is no key.
    #expect(keys.holder(of: a) == nil)
  }

  @Test("files that cannot be used are refused by line") func refusals() {
    let sum = String(repeating: "a", count: 64)
    #expect(throws: APIKeysError.malformed(line: 2)) { try APIKeys("a \(sum)\nb secret") }
    #expect(throws: APIKeysError.malformed(line: 1)) { try APIKeys("a \(sum.uppercased())") }
    #expect(throws: APIKeysError.malformed(line: 1)) { try APIKeys(sum) }
    #expect(throws: APIKeysError.duplicate(name: "a")) { try APIKeys("a \(sum)\na \(sum)") }
    #expect(throws: APIKeysError.empty) { try APIKeys("# nobody\n") }
  }
}
