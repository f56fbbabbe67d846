import Foundation
import Images
import TestSupport
import Testing

/// Recombined faces and the experiments on them, as a user makes them with the shipped models.
@Suite(.enabled(if: Tool.hasModels, "needs models/ and samples/")) struct SynthesisCommandTests {
  static let samples = TestProducts.packageRoot.path + "/samples"
  static let first = samples + "/genuine-probe.png"
  static let second = samples + "/impostor-probe.png"

  struct Case: CustomTestStringConvertible, Sendable {
    let words: [String]
    /// Faces down and across the picture that is written.
    let rows, columns: Int
    var testDescription: String { words.joined(separator: " ") }
  }

  @Test(
    "faces and rows of faces are written as PNG",
    arguments: [
      Case(
        words: ["transfer", "--identity", first, "--attributes", second, "--beside"], rows: 1,
        columns: 3),
      Case(
        words: ["frontalize", first, "--attributes", second, "--attributes", first], rows: 1,
        columns: 1),
      Case(
        words: ["morph", first, second, "--steps", "3", "--identity", "--beside"], rows: 1,
        columns: 5),
    ])
  func pictures(_ sample: Case) throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = try Tool.run(sample.words + ["--aligned", "-o", folder + "/x.png"])
    #expect(run.status == 0, "\(run.words)")
    let picture = try RGBImage.read(path: folder + "/x.png").image
    #expect(picture.height == 128 * sample.rows && picture.width == 128 * sample.columns)
  }

  @Test("what cannot be read or is not there is named, and no file is left") func refusals() throws
  {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let small = folder + "/small.png"
    try RGBImage(width: 20, height: 20, red: 90).writePNG(to: small)
    let cases: [(words: [String], says: String)] = [
      (["transfer", "--identity", small, "--attributes", Self.first], "128×128"),
      (["frontalize", folder + "/none.png"], "does not exist"),
      (["morph", Self.first, Self.second, "--ipgan", "nobody"], "nobody"),
      (["frontalize", Self.first, "--ipgan", "f_c"], "does not describe an IP-GAN"),
      (["frontalize", Self.first, "--models", folder], "manifest.json"),
    ]
    for (words, says) in cases {
      let run = try Tool.run(words + ["--aligned", "-o", folder + "/y.png"])
      #expect(run.status == 2, "\(words)")
      #expect(run.words.contains(says), "\(run.words)")
      #expect(!FileManager.default.fileExists(atPath: folder + "/y.png"))
    }
  }

  @Test("IP-GANs made with different embedders are refused before any is loaded") func embedders()
    throws
  {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let shipped = URL(fileURLWithPath: TestProducts.packageRoot.path + "/models/manifest.json")
    let document = try JSONSerialization.jsonObject(with: Data(contentsOf: shipped))
    var manifest = try #require(document as? [String: Any])
    var models = try #require(manifest["models"] as? [[String: Any]])
    var other = try #require(models.first { $0["name"] as? String == "ip_gan" })
    (other["name"], other["made_with"]) = ("other", ["f_other": String(repeating: "0", count: 64)])
    models.append(other)
    manifest["models"] = models
    try JSONSerialization.data(withJSONObject: manifest).write(
      to: URL(fileURLWithPath: folder + "/manifest.json"))
    let run = try Tool.run([
      "evaluate", "generation", "--models", folder, "--data", "x", "--ipgan", "ip_gan", "--ipgan",
      "other",
    ])
    #expect(run.status == 2)
    #expect(run.words.contains("different embedders") && run.words.contains("'f_other'"))
  }

  @Test("experiments on people who do not exist leave a report and charts") func experiments()
    throws
  {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try SyntheticPeople.writeFolder(folder + "/faces", people: 6, pictures: 4)
    let data = ["--data", folder + "/faces", "--held-out", "0.5"]
    let runs: [(name: String, more: [String], files: [String])] = [
      ("generation", [], ["report.json", "report.html"]),
      ("reconstruction", [], ["report.json", "report.html", "gap-1-f_c.svg"]),
      ("attributes", ["--epochs", "2"], ["report.json", "report.html", "attributes.svg"]),
    ]
    for (name, more, files) in runs {
      let output = "\(folder)/\(name)"
      let run = try Tool.run(["evaluate", name, "-o", output] + data + more)
      #expect(run.status == 0, "\(run.words)")
      for file in files {
        #expect(FileManager.default.fileExists(atPath: "\(output)/\(file)"), "\(file)")
      }
      let html = try String(contentsOfFile: output + "/report.html", encoding: .utf8)
      _ = try WellFormed.elements(of: html)
      #expect(!html.contains(folder), "a report names no folder of this machine")
      let json = try Data(contentsOf: URL(fileURLWithPath: output + "/report.json"))
      #expect(try JSONSerialization.jsonObject(with: json) as? [String: Any] != nil)
    }
    let sheets = try Tool.run(
      ["evaluate", "sheets", "-o", folder + "/sheets", "--rows", "1", "--columns", "2"] + data)
    #expect(sheets.status == 0, "\(sheets.words)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/sheets")
    #expect(names.count == 6, "\(names)")
    let alone = try Tool.run(
      ["evaluate", "generation", "--data", folder + "/faces/p0", "--held-out", "0"])
    #expect(alone.status == 2 && alone.words.contains("no usable picture"), "\(alone.words)")
  }
}
