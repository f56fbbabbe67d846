import Foundation
import Images
import TestSupport
import Testing

/// Commands that tell something of each picture: `align`, `find`, `embed`.
@Suite(.enabled(if: Tool.hasModels, "needs models/ and samples/")) struct PictureCommandTests {
  static let samples = ToolTests.samples

  @Test("align writes faces and their points, and tells what it skipped")
  func align() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try RGBImage(width: 90, height: 80, red: 70).writePNG(to: folder + "/plain.png")
    let pictures = ["genuine", "impostor", "adversarial"].flatMap { pair in
      ["probe", "reference"].map { "\(Self.samples)/\(pair)-\($0).png" }
    }
    let run = try Tool.run(
      ["align"] + pictures + [folder + "/plain.png", "-o", folder + "/out", "--drawn"])
    #expect(run.status == 2 && run.output == "aligned 6 of 7 pictures\n", "\(run.words)")
    let skipped = try String(contentsOfFile: folder + "/out/skipped.csv", encoding: .utf8)
    #expect(skipped.hasPrefix("image,reason,code\n"))
    #expect(skipped.contains("plain.png,") && skipped.hasSuffix(",no_face\n"), "\(skipped)")
    let table = try String(contentsOfFile: folder + "/out/landmarks.csv", encoding: .utf8)
    #expect(table.split(separator: "\n").count == 7)
    let face = try RGBImage.read(path: folder + "/out/genuine-probe.png").image
    #expect(face.width == 128 && face.height == 128)
    #expect(FileManager.default.fileExists(atPath: folder + "/out/drawn/genuine-probe.png"))
  }

  @Test("find prints the faces of each picture, none too, and a line for what it cannot read")
  func find() throws {
    struct Line: Decodable {
      struct Face: Decodable {
        var box: [String: Double]
        var landmarks: [[Double]]
        var score: Double
      }
      var faces: [Face]?
      var timings_ms: [String: Double]?
      var id, code, reason: String?
    }
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try RGBImage(width: 90, height: 80, red: 70).writePNG(to: folder + "/plain.png")
    try Data("no picture".utf8).write(to: URL(fileURLWithPath: folder + "/text.png"))
    let run = try Tool.run(["find", "--timings", "\(Self.samples)/genuine-probe.png", folder])
    #expect(run.status == 2, "\(run.words)")
    let lines = try run.output.split(separator: "\n").map {
      try JSONDecoder().decode(Line.self, from: Data($0.utf8))
    }
    #expect(lines.map { $0.faces?.count } == [1, 0, nil])
    #expect(lines.map(\.code) == [nil, nil, "unsupported_type"])
    #expect(lines[2].id == folder + "/text.png" && lines[2].reason?.contains("text.png") == true)
    let face = try #require(lines[0].faces?.first)
    // Where the aligned frame has the left eye.
    #expect(abs(face.landmarks[0][0] - 44.5) < 4 && abs(face.landmarks[0][1] - 52) < 4)
    #expect(face.landmarks.count == 5 && face.score > 0.9 && abs((face.box["width"] ?? 0) - 92) < 8)
    #expect(lines[0].timings_ms?.keys.sorted() == ["decode", "find"])
    let large = try Tool.run(["find", "--minimum-face", "105", "\(Self.samples)/genuine-probe.png"])
    #expect(large.status == 0 && large.output.contains(#""faces":[]"#), "\(large.words)")
  }

  @Test("embeddings have the distance that verify tells of f_C; a bad picture gets its own line")
  func embeddings() throws {
    struct Line: Decodable {
      var embedding: [Double]?
      var id, code, reason: String?
    }
    let (probe, reference) = (
      "\(Self.samples)/genuine-probe.png", "\(Self.samples)/genuine-reference.png"
    )
    let run = try Tool.run(["embed", "--aligned", probe, "\(Self.samples)/none.png", reference])
    #expect(run.status == 2)
    let lines = try run.output.split(separator: "\n").map {
      try JSONDecoder().decode(Line.self, from: Data($0.utf8))
    }
    #expect(lines.map(\.code) == [nil, "malformed", nil])
    #expect(lines[1].id == "\(Self.samples)/none.png" && lines[1].reason != nil)
    let (a, b) = (try #require(lines[0].embedding), try #require(lines[2].embedding))
    #expect(abs(a.reduce(0) { $0 + $1 * $1 } - 1) < 1e-4)
    let distance = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let verdict = try Tool.run(["verify", "--aligned", "--json", probe, reference])
    let object = try JSONSerialization.jsonObject(with: Data(verdict.output.utf8))
    let verification = (object as? [String: Any])?["verification"] as? [String: Any]
    let networks = try #require(verification?["networks"] as? [String: Double])
    #expect(abs(distance - (try #require(networks["f_c"]))) < 1e-4)
  }
}
