import FaceDatasets
import Faces
import Foundation
import Images
import Testing

@Suite struct LFWProtocolTests {
  @Test("folds hold matched, then mismatched pairs")
  func folds() throws {
    let text = """
      2\t1
      Ann_A\t1\t12
      Ann_A\t2\tBo_B\t3
      Cy_C\t10000\t1
      Cy_C\t1\tDi_D\t1

      """
    let list = try LFWProtocol(text: text, file: "pairs.txt")
    #expect(
      list.folds == [
        [
          LFWPair(
            first: "Ann_A/Ann_A_0001.jpg", second: "Ann_A/Ann_A_0012.jpg", same: true, fold: 0),
          LFWPair(
            first: "Ann_A/Ann_A_0002.jpg", second: "Bo_B/Bo_B_0003.jpg", same: false, fold: 0),
        ],
        [
          LFWPair(
            first: "Cy_C/Cy_C_10000.jpg", second: "Cy_C/Cy_C_0001.jpg", same: true, fold: 1),
          LFWPair(first: "Cy_C/Cy_C_0001.jpg", second: "Di_D/Di_D_0001.jpg", same: false, fold: 1),
        ],
      ])
    #expect(list.pairs.count == 4 && list.images.count == 7)
  }

  @Test("a single number is one fold, and line ends may be of any kind")
  func singleFold() throws {
    let list = try LFWProtocol(text: "1\r\nA\t1\t2\r\nA\t1\tB\t1\r\n", file: "p")
    #expect(list.folds.map(\.count) == [2])
  }

  static let bad: [(String, LFWProtocolError)] = [
    ("", .wrongHeader(file: "p", found: "")),
    ("A\t1\t2\n", .wrongHeader(file: "p", found: "A\t1\t2")),
    ("0\n", .wrongHeader(file: "p", found: "0")),
    ("-1\t-1\n", .wrongHeader(file: "p", found: "-1\t-1")),
    (
      "9223372036854775807\t9223372036854775807\n",
      .wrongHeader(file: "p", found: "9223372036854775807\t9223372036854775807")
    ),
    ("1\nA\t1\t2\n", .wrongCount(file: "p", expected: 2, found: 1)),
    ("1\nA\t1\t2\nA\t1\tB\t1\nA\t1\t3\n", .wrongCount(file: "p", expected: 2, found: 3)),
    (
      "1\nA\t1\tB\t1\nA\t1\t2\n",
      .wrongLine(file: "p", line: 2, expectsSame: true, found: "A\t1\tB\t1")
    ),
    (
      "1\nA\t1\t2\nA\t1\tB\tx\n",
      .wrongLine(file: "p", line: 3, expectsSame: false, found: "A\t1\tB\tx")
    ),
    (
      "1\nA\t0\t2\nA\t1\tB\t1\n",
      .wrongLine(file: "p", line: 2, expectsSame: true, found: "A\t0\t2")
    ),
    ("1\nA\t2\t2\nA\t1\tB\t1\n", .impossiblePair(file: "p", line: 2, found: "A\t2\t2")),
    ("1\nA\t1\t2\nA\t1\tA\t2\n", .impossiblePair(file: "p", line: 3, found: "A\t1\tA\t2")),
  ]

  @Test("a broken list is refused with its line", arguments: bad)
  func refused(text: String, error: LFWProtocolError) {
    #expect(throws: error) { try LFWProtocol(text: text, file: "p") }
  }

  @Test("a missing list is refused")
  func missing() {
    #expect(throws: LFWProtocolError.unreadable(file: "/nonexistent")) {
      try LFWProtocol(path: "/nonexistent")
    }
  }
}

@Suite struct LFWFacesTests {
  /// Runs `body` with a directory of two archives, one picture each, and landmarks for both and
  /// one more.
  static func withDirectory(_ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      var (first, second) = (TarWriter(), TarWriter())
      first.add("A/A_0001.jpg", try syntheticFace(1).jpegData(quality: 95))
      first.add("A/A_0002.jpg", try syntheticFace(4).jpegData(quality: 95))
      second.add("B/B_0001.jpg", try syntheticFace(2).jpegData(quality: 95))
      try write(first.bytes, to: "\(folder)/view1.tar")
      try write(second.bytes, to: "\(folder)/view2.tar")
      let points = "44.5,52,83.5,52,64,74,47.5,92.5,80.5,92.5"
      let table = "\(LandmarkTable.header)\nA/A_0001.jpg,\(points)\nB/B_0001.jpg,\(points)\n"
      try write(Array(table.utf8), to: "\(folder)/landmarks.csv")
      try body(folder)
    }
  }

  @Test("faces already in the frame stay as they are")
  func faces() throws {
    try Self.withDirectory { directory in
      let faces = try LFWFaces(directory: directory)
      #expect(faces.images == ["A/A_0001.jpg", "A/A_0002.jpg", "B/B_0001.jpg"])
      let image = try faces.image(named: "B/B_0001.jpg")
      let face = try faces.face(named: "B/B_0001.jpg")
      let differences = zip(image.pixels, face.pixels).map { abs(Int($0) - Int($1)) }
      #expect(differences.max() ?? 0 <= 1)
      #expect(try faces.faces(named: ["B/B_0001.jpg", "A/A_0001.jpg"])[0] == face)
    }
  }

  @Test("missing pictures and landmarks are told apart")
  func missing() throws {
    try Self.withDirectory { directory in
      let faces = try LFWFaces(directory: directory)
      #expect(throws: LFWFacesError.missingPicture("C/C_0001.jpg", directory: directory)) {
        try faces.face(named: "C/C_0001.jpg")
      }
      #expect(
        throws: LandmarkTableError.missing(
          file: "\(directory)/landmarks.csv", image: "A/A_0002.jpg")
      ) { try faces.faces(named: ["A/A_0001.jpg", "A/A_0002.jpg"]) }
      try FileManager.default.removeItem(atPath: "\(directory)/view1.tar")
      #expect(throws: TarError.self) { try LFWFaces(directory: directory) }
    }
  }

  @Test(
    "every picture of both views is present and has landmarks", .enabled(if: sharedData != nil),
    .tags(.sharedData))
  func shared() throws {
    let folder = try #require(sharedData) + "/lfw"
    let faces = try LFWFaces(directory: folder)
    #expect(faces.images.count == 9056 && faces.landmarks.count == 9056)
    let view2 = try LFWProtocol(path: "\(folder)/pairs.txt")
    #expect(view2.folds.count == 10 && view2.folds.allSatisfy { $0.count == 600 })
    #expect(view2.images.count == 7701)
    let known = Set(faces.images)
    for name in ["pairs", "pairsDevTrain", "pairsDevTest"] {
      let list = try LFWProtocol(path: "\(folder)/\(name).txt")
      #expect(list.images.allSatisfy { known.contains($0) })
    }
    // 2.23359 by an independent computation with complex numbers in Python.
    let residuals = try faces.images.map {
      try AlignedFrame.residual(of: faces.landmarks.landmarks(of: $0))
    }
    #expect(abs(residuals.reduce(0, +) / 9056 - 2.23359) < 1e-4)
    let some = try faces.faces(named: Array(view2.images.prefix(50)))
    #expect(some.allSatisfy { $0.width == 128 && $0.height == 128 })
  }
}
