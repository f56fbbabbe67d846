import Faces
import Foundation
import Testing

@Suite struct PlainTextTests {
  @Test("lines end as any system ends them, and a byte order mark is no text") func lines() {
    #expect(PlainText.lines(of: "\u{FEFF}a\r\nb\nc\rd") == ["a", "b", "c", "d"])
    #expect(PlainText.lines(of: "a\n\r\n\nb\n") == ["a", "", "", "b", ""])
    #expect(PlainText.text(of: [0xEF, 0xBB, 0xBF, 0x61]) == "a")
    #expect(PlainText.text(of: [0xFF]) == nil)
  }

  @Test("a landmark table saved by a spreadsheet is read: byte order mark, carriage returns")
  func landmarkTable() throws {
    let text = "\u{FEFF}\(LandmarkTable.header)\r\na.png,1,2,3,4,5,6,7,8,9,10\r\n"
    let table = try LandmarkTable(text: text, file: "t")
    #expect(table.images == ["a.png"])
    #expect(try table.landmarks(of: "a.png").leftEye == Point(x: 1, y: 2))
  }

  @Test("names that Unicode calls equivalent are two names to a landmark table")
  func equivalentNames() throws {
    let names = ["\u{E9}.png", "e\u{301}.png"]
    let rows = names.enumerated().map { "\($1),\($0),2,3,4,5,6,7,8,9,10" }
    let table = try LandmarkTable(
      text: ([LandmarkTable.header] + rows).joined(separator: "\n"), file: "t")
    #expect(table.count == 2)
    for (index, name) in names.enumerated() {
      #expect(try table.landmarks(of: name).leftEye.x == Double(index))
    }
    let one = try LandmarkTable(text: "\(LandmarkTable.header)\n\(rows[0])", file: "t")
    #expect(throws: LandmarkTableError.self) { try one.landmarks(of: names[1]) }
  }
}
