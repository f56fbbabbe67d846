import Foundation
import JSON
import Screening
import Sealing
import Testing

@testable import UseCases

@Suite struct FaceTemplateTests {
  static func template(
    _ name: String = "Ada", embedding: [Float] = [0.6, 0.8], witness: [Float]? = [0, 1, 0],
    views: Int = 2
  ) -> FaceTemplate {
    FaceTemplate(
      name: name, models: [Verdict.Model(name: "f_c", sha256: "00")],
      views: (0..<views).map {
        FaceTemplate.View(
          sha256: "\($0)", embedding: embedding, witness: witness, tampering: 0.125)
      })
  }

  private func key(_ digit: String = "7") throws -> SealingKey {
    try SealingKey(hex: String(repeating: digit, count: 64))
  }

  @Test("a file gives the template back, sealed or not") func roundTrip() throws {
    let template = Self.template("Åda \u{1F600}\"\n", embedding: [Float(1).nextDown, 1e-20])
    #expect(try FaceTemplate(file: template.file()) == template)
    let sealed = try template.file(key: key())
    #expect(try FaceTemplate(file: sealed, key: key()) == template)
    #expect(!String(decoding: sealed, as: UTF8.self).contains("embedding"))
  }

  @Test("a seal is asked for where there is a key, and a key where there is a seal")
  func seals() throws {
    let template = Self.template()
    let sealed = try template.file(key: key())
    #expect(throws: FaceTemplateError.sealed) { try FaceTemplate(file: sealed) }
    #expect(throws: FaceTemplateError.notSealed) {
      try FaceTemplate(file: template.file(), key: key())
    }
    #expect(throws: FaceTemplateError.notSealedWithThisKey) {
      try FaceTemplate(file: sealed, key: key("8"))
    }
  }

  @Test("what would match anybody is refused: embeddings that are not of unit length")
  func hostile() throws {
    let hostile = [
      Self.template(embedding: [0, 0]), Self.template(embedding: [0.1, 0.1]),
      Self.template(embedding: []), Self.template(witness: [0, 0, 0]), Self.template(views: 0),
      Self.template(views: 17), Self.template(""),
      Self.template(String(repeating: "a", count: 257)),
    ]
    for template in hostile {
      #expect(throws: FaceTemplateError.self) { try FaceTemplate(file: template.file()) }
    }
    var mixed = Self.template()
    mixed.views[1].witness = nil
    #expect(throws: FaceTemplateError.self) { try FaceTemplate(file: mixed.file()) }
    mixed = Self.template()
    mixed.views[1].embedding = [1]
    #expect(throws: FaceTemplateError.self) { try FaceTemplate(file: mixed.file()) }
    mixed = Self.template()
    mixed.views[1].tampering = 1.5
    #expect(throws: FaceTemplateError.self) { try FaceTemplate(file: mixed.file()) }
  }

  @Test(
    "bytes that are no template are told in one line",
    arguments: [
      "", "{", "[]", "7", #"{"facewarden_template":1}"#, #"{"facewarden_template":"1"}"#,
      #"{"facewarden_template":1,"sealed":"x"}"#, #"{"facewarden_template":2,"sealed":"x"}"#,
      #"{"facewarden_template":1,"facewarden_template":1}"#,
    ])
  func malformed(text: String) throws {
    let key = try key()
    for key in [nil, key] {
      do {
        _ = try FaceTemplate(file: Array(text.utf8), key: key)
        Issue.record("'\(text)' was accepted")
      } catch {
        #expect(!"\(error)".contains("\n"))
      }
    }
    #expect(throws: FaceTemplateError.otherVersion(2)) {
      try FaceTemplate(file: Array(#"{"facewarden_template":2}"#.utf8))
    }
  }

  @Test("a gallery has people of different names, and at least one") func galleries() throws {
    #expect(throws: FaceGalleryError.empty) { try FaceGallery([]) }
    #expect(throws: FaceGalleryError.sameName("b")) {
      try FaceGallery(["b", "a", "b"].map { Self.template($0) })
    }
    let names = try FaceGallery(["b", "a"].map { Self.template($0) }).templates.map(\.name)
    #expect(names == ["a", "b"])
  }

  @Test("a folder with anything but templates is refused by the file's name") func folders() throws
  {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(throws: FaceGalleryError.empty) { try FaceGallery(folder: folder.path) }
    try Data(Self.template("a").file()).write(to: folder.appending(path: "a.json"))
    try Data("x".utf8).write(to: folder.appending(path: ".hidden"))
    #expect(try FaceGallery(folder: folder.path).templates.count == 1)
    try Data("x".utf8).write(to: folder.appending(path: "notes.txt"))
    do {
      _ = try FaceGallery(folder: folder.path)
      Issue.record("a file that is no template was passed over")
    } catch {
      #expect("\(error)".contains("notes.txt"))
    }
  }
}
