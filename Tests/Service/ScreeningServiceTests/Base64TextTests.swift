import Foundation
import Testing

@testable import ScreeningService

@Suite struct Base64TextTests {
  static let bytes = (0..<300).map { UInt8($0 * 7 % 256) }
  static let plain = Data(bytes).base64EncodedString()

  @Test("line ends, blanks, the alphabet for URLs, missing padding and data: URLs are read")
  func forms() throws {
    let padded = Data(Self.bytes.prefix(298)).base64EncodedString()
    let lines = Data(Self.bytes).base64EncodedString(options: .lineLength76Characters)
    for text in [
      Self.plain, lines, lines.replacing("\r\n", with: "\n"), " \(Self.plain)\t\n",
      Self.plain.replacing("+", with: "-").replacing("/", with: "_"),
      "data:image/png;base64,\(Self.plain)", "DATA:image/jpeg;charset=x;Base64,\(Self.plain)",
    ] {
      #expect(try Base64Text(text).bytes == Self.bytes)
    }
    for text in [padded, padded.replacing("=", with: "")] {
      #expect(try Base64Text(text).bytes == Array(Self.bytes.prefix(298)))
    }
    #expect(try Base64Text("").bytes.isEmpty)
  }

  @Test(
    "what is no Base64 is refused with what is wrong",
    arguments: [
      ("AA%A", .character("%", place: 3)), ("AAé=", .character("é", place: 3)),
      ("AA\u{0}A", .character("\u{0}", place: 3)), ("+A-A", .mixedAlphabets),
      ("AAAAA", .incomplete), ("A=AA", .incomplete), ("AA=", .incomplete), ("====", .incomplete),
      ("AA=A", .incomplete),
      ("data:image/png,AAAA", .dataURL), ("http://a/b.png", .dataURL),
      ("data:image/png;base64", .dataURL),
    ] as [(String, Base64TextError)])
  func refusals(text: String, error: Base64TextError) {
    #expect(throws: error) { try Base64Text(text) }
  }
}
