import Faces
import Foundation
import Geometry
import Images
import TestSupport
import Testing

/// Drawn people as files, as a user makes them.
@Suite struct SynthesizeCommandTests {
  @Test("the same numbers give the same files, and files that are there are kept") func repeatable()
    throws
  {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func make(_ name: String, _ more: [String] = []) throws {
      let run = try Tool.run(
        [
          "data", "synthesize", "--people", "2", "--images", "2", "--seed", "5", "-o",
          "\(folder)/\(name)",
        ] + more)
      #expect(run.status == 0, "\(run.words)")
    }
    func bytes(_ name: String) throws -> Data {
      try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
    }
    let names = [
      "person-00000/000.png", "person-00000/001.png", "person-00001/000.png",
      "person-00001/001.png", "landmarks.csv", "attributes.csv",
    ]
    try make("a")
    try make("b")
    for name in names { #expect(try bytes("a/\(name)") == bytes("b/\(name)"), "\(name)") }

    try FileManager.default.removeItem(atPath: "\(folder)/a/\(names[1])")
    try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(folder)/a/\(names[2])"))
    try make("a")
    #expect(try bytes("a/\(names[1])") == bytes("b/\(names[1])"))
    #expect(try bytes("a/\(names[2])") == Data("mine".utf8))

    try make("whole", ["--whole", "--side", "96", "--jpeg", "90"])
    let picture = try RGBImage.read(path: "\(folder)/whole/person-00001/001.jpg").image
    #expect(picture.width == 96 && picture.height == 96)
    let table = try LandmarkTable(path: "\(folder)/whole/landmarks.csv")
    #expect(table.count == 4)
    let marks = try table.landmarks(of: "person-00001/001.jpg")
    #expect(marks.leftEye.x < marks.rightEye.x && marks.leftMouth.y > marks.leftEye.y)
  }

  @Test("wrong options are refused") func refusals() throws {
    for words in [["--side", "64"], ["--people", "0"], ["--jpeg", "101", "--whole"]] {
      let run = try Tool.run(["data", "synthesize", "-o", "unused"] + words)
      #expect(run.status == 64, "\(run.words)")
      #expect(run.words.contains(words[0]), "\(run.words)")
    }
  }
}
