import Faces
import Foundation
import Geometry
import Testing

@Suite struct LandmarkTableTests {
  static let header = LandmarkTable.header
  static let good = "A/A_0001.jpg,71,83,113,77,84.5,103,77,127,115,-1e1"

  @Test("a table gives points by picture name")
  func parsing() throws {
    let table = try LandmarkTable(text: "\(Self.header)\r\n\(Self.good)\r\n\r\n", file: "t.csv")
    #expect(table.images == ["A/A_0001.jpg"] && table.count == 1)
    let marks = try table.landmarks(of: "A/A_0001.jpg")
    #expect(marks.leftEye == Point(x: 71, y: 83) && marks.rightEye == Point(x: 113, y: 77))
    #expect(marks.nose == Point(x: 84.5, y: 103) && marks.rightMouth == Point(x: 115, y: -10))
    #expect(throws: LandmarkTableError.missing(file: "t.csv", image: "B")) {
      try table.landmarks(of: "B")
    }
  }

  static let bad: [(String, LandmarkTableError)] = [
    ("", .wrongHeader(file: "t", found: "")),
    ("image,x\n", .wrongHeader(file: "t", found: "image,x")),
    ("\(header)\nA,1,2\n", .wrongFieldCount(file: "t", line: 2, found: 3)),
    ("\(header)\n\(good),4\n", .wrongFieldCount(file: "t", line: 2, found: 12)),
    (
      "\(header)\n\(good)\nB,1,2,3,4,5,6,7,8,9,ten\n",
      .notANumber(file: "t", line: 3, field: "mouth_right_y", found: "ten")
    ),
    (
      "\(header)\nB,nan,2,3,4,5,6,7,8,9,1\n",
      .notANumber(file: "t", line: 2, field: "left_eye_x", found: "nan")
    ),
    (
      "\(header)\nB,1,inf,3,4,5,6,7,8,9,1\n",
      .notANumber(file: "t", line: 2, field: "left_eye_y", found: "inf")
    ),
    (
      "\(header)\nB,1,,3,4,5,6,7,8,9,1\n",
      .notANumber(file: "t", line: 2, field: "left_eye_y", found: "")
    ),
    ("\(header)\n,1,2,3,4,5,6,7,8,9,1\n", .noName(file: "t", line: 2)),
    (
      "\(header)\n\(good)\n\n\(good)\n",
      .duplicate(file: "t", line: 4, image: "A/A_0001.jpg", firstLine: 2)
    ),
  ]

  @Test("a broken table is refused with its line", arguments: bad)
  func refused(text: String, error: LandmarkTableError) {
    #expect(throws: error) { try LandmarkTable(text: text, file: "t") }
  }

  @Test("a missing file is refused")
  func missingFile() {
    #expect(throws: LandmarkTableError.self) { try LandmarkTable(path: "/nonexistent/t.csv") }
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
