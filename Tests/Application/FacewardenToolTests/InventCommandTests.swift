import Faces
import Foundation
import Images
import TestSupport
import Testing

@Suite("data invent") struct InventCommandTests {
  private func invent(_ words: [String]) throws -> Tool.Run {
    try Tool.run(
      ["data", "invent", "--data", "synthetic:12x2:5", "--people", "2", "--images", "2"] + words)
  }

  @Test("a whole picture holds the aligned one, where its landmarks say")
  func wholePictures() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, words) in [("aligned", []), ("whole", ["--whole", "--side", "240"])] {
      let run = try invent(words + ["-o", "\(folder)/\(name)"])
      #expect(run.status == 0, "\(run.words)")
    }
    let table = try LandmarkTable(path: folder + "/whole/landmarks.csv")
    #expect(table.count == 4)
    for name in ["person-00000/000.png", "person-00001/001.png"] {
      let aligned = try RGBImage.read(path: "\(folder)/aligned/\(name)").image
      let whole = try RGBImage.read(path: "\(folder)/whole/\(name)").image
      #expect(whole.width == 240 && whole.height == 240)
      let again = try AlignedFrame.align(whole, landmarks: table.landmarks(of: name))
      // The frame's edge fades into the background: what is compared is the face.
      var sum = 0
      for y in 16..<112 {
        for x in 16..<112 {
          let start = (y * 128 + x) * 3
          for i in start..<start + 3 { sum += abs(Int(again.pixels[i]) - Int(aligned.pixels[i])) }
        }
      }
      #expect(Double(sum) / Double(96 * 96 * 3) < 2, "\(name)")
    }
  }

  @Test("people too near each other are told, and whoever was found has landmarks")
  func tooNear() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = try invent(
      ["--whole", "--side", "160", "--apart", "4", "--blend", "2", "-o", folder + "/out"])
    #expect(try LandmarkTable(path: folder + "/out/landmarks.csv").count == 2)
    #expect(run.status == 1 || run.status == 2, "\(run.words)")
    #expect(run.words.contains("only 1 of 2 people"), "\(run.words)")
  }

  @Test("wrong options are refused") func refusals() throws {
    for words in [["--side", "64"], ["--jpeg", "101"], ["--apart", "5"]] {
      let run = try invent(words + ["-o", "unused"])
      #expect(run.status == 64, "\(run.words)")
      #expect(run.words.contains(words[0]), "\(run.words)")
    }
  }
}
