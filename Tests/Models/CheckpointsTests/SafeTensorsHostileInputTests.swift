import Checkpoints
import Testing

@Suite struct SafeTensorsHostileInputTests {
  struct Header: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let text: String
    var data = 8
    let error: CheckpointError
  }

  /// A file with this header, unpadded, and `data` zero bytes.
  static func file(_ text: String, data: Int) -> [UInt8] {
    let length = UInt64(text.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(text.utf8)
      + Array(repeating: 0, count: data)
  }

  static func tensor(
    _ name: String = "x", _ type: String = "F32", _ shape: String = "2", _ offsets: String = "0,8"
  ) -> String {
    "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(offsets)]}"
  }

  static let headers = [
    Header(
      testDescription: "no object", text: "[]",
      error: .malformedHeader(position: 0, expected: "'{'")),
    Header(
      testDescription: "leading space", text: " {}",
      error: .malformedHeader(position: 0, expected: "'{'")),
    Header(
      testDescription: "words after the object", text: "{} x", data: 0,
      error: .malformedHeader(position: 3, expected: "the end of the header")),
    Header(
      testDescription: "unknown type", text: "{\(tensor("x", "F64", "1"))}",
      error: .unsupportedType(tensor: "x", type: "F64")),
    Header(
      testDescription: "tensor twice", text: "{\(tensor()),\(tensor())}",
      error: .duplicateName("x")),
    Header(
      testDescription: "metadata key twice",
      text: #"{"__metadata__":{"a":"1","a":"2"}}"#, error: .duplicateName("a")),
    Header(
      testDescription: "shape too large for the bytes", text: "{\(tensor("x", "F32", "3"))}",
      error: .wrongLength(tensor: "x", shape: [3], expected: 12, found: 8)),
    Header(
      testDescription: "shape product overflows",
      text: "{\(tensor("x", "F32", "4294967296,4294967296"))}",
      error: .wrongLength(
        tensor: "x", shape: [4_294_967_296, 4_294_967_296], expected: .max, found: 8)),
    Header(
      testDescription: "tensors overlap",
      text: "{\(tensor("x", "F32", "2", "0,8")),\(tensor("y", "F32", "1", "4,8"))}",
      error: .wrongOffsets(tensor: "y", begin: 4, expected: 8)),
    Header(
      testDescription: "hole before a tensor", text: "{\(tensor("x", "F32", "1", "4,8"))}",
      error: .wrongOffsets(tensor: "x", begin: 4, expected: 0)),
    Header(
      testDescription: "tensor leaves the file", text: "{\(tensor())}", data: 4,
      error: .wrongOffsets(tensor: "x", begin: 0, expected: 0)),
    Header(
      testDescription: "bytes of no tensor", text: "{\(tensor())}", data: 9,
      error: .unclaimedBytes(count: 1)),
  ]

  @Test("damaged header is refused with the reason", arguments: headers)
  func refused(_ header: Header) {
    #expect(throws: header.error) {
      try SafeTensorsFile(bytes: Self.file(header.text, data: header.data))
    }
  }

  @Test(
    "malformed JSON is refused",
    arguments: [
      "{", "{\"x\"", "{\"x\":{}}", "{\"x\":1}", "{\"\\ud800\":{}}", "{\"\\q\":{}}",
      "{\(tensor("x", "F32", "-2"))}", "{\(tensor("x", "F32", "02"))}",
      "{\(tensor("x", "F32", "2.0"))}", "{\(tensor("x", "F32", "2", "8,0"))}",
      "{\(tensor("x", "F32", "2", "0,8,8"))}", "{\(tensor("x", "F32", "99999999999999999999"))}",
      "{\(tensor("x", "F32", "1,1,1,1,1,1,1,1,2"))}", "{\(tensor()),}", "{\"a\u{1}\":{}}",
      "{\"__metadata__\":{\"a\":1}}", "{\"__metadata__\":[]}",
    ])
  func malformed(text: String) {
    #expect(throws: CheckpointError.self) {
      try SafeTensorsFile(bytes: Self.file(text, data: 8))
    }
  }

  @Test("deep nesting is refused without recursion") func nesting() {
    let text = String(repeating: "{\"a\":", count: 100_000)
    #expect(throws: CheckpointError.self) {
      try SafeTensorsFile(bytes: Self.file(text, data: 0))
    }
  }

  @Test("lengths that lie are refused before memory is taken") func lengths() {
    let huge = [UInt8](repeating: 0xFF, count: 16)
    #expect(
      throws: CheckpointError.tooLarge(
        what: "safetensors header", bytes: .max, limit: UInt64(SafeTensorsFile.maximumHeaderBytes))
    ) { try SafeTensorsFile(bytes: huge) }
    #expect(throws: CheckpointError.truncated(expected: 108, found: 9)) {
      try SafeTensorsFile(bytes: [100, 0, 0, 0, 0, 0, 0, 0, 0x7B])
    }
  }

  @Test("every prefix is refused") func prefixes() throws {
    let bytes = try SafeTensorsFileTests.sample.bytes()
    for count in bytes.indices {
      #expect(throws: CheckpointError.self, "\(count) bytes") {
        try SafeTensorsFile(bytes: Array(bytes[..<count]))
      }
    }
  }

  @Test("one flipped bit is read or refused", arguments: 0..<8) func flips(bit: Int) throws {
    let intact = try SafeTensorsFileTests.sample.bytes()
    for offset in intact.indices {
      var bytes = intact
      bytes[offset] ^= 1 << bit
      guard let file = try? SafeTensorsFile(bytes: bytes) else { continue }
      for array in file.arrays {
        #expect(array.shape.reduce(1, *) == array.elements.count, "bit \(bit) of byte \(offset)")
      }
    }
  }
}
