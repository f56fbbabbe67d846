import Foundation
import Images
import JSON
import TestSupport
import Testing

/// Command line, pipe and HTTP: one answer, and one code for one fault.
@Suite(.serialized, .enabled(if: Tool.hasModels, "needs models/ and samples/")) struct DoorsTests {
  /// What is asked.
  enum Use: String, CaseIterable {
    case verify, screen, embed, find
  }

  /// The picture that is asked about, aligned or not, and the code that it gets; nil for an answer.
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let file: String
    var isAligned = true
    /// Where it differs: finding asks for no aligned face.
    var found: String?
    let code: String?
  }

  static let cases = [
    Case(testDescription: "a face", file: "probe.png", code: nil),
    Case(testDescription: "a photograph", file: "whole.jpg", isAligned: false, code: nil),
    Case(
      testDescription: "no picture", file: "text.png", found: "unsupported_type",
      code: "unsupported_type"),
    Case(testDescription: "nothing", file: "empty.png", found: "malformed", code: "malformed"),
    Case(
      testDescription: "half a picture", file: "half.png", found: "picture_damaged",
      code: "picture_damaged"),
    Case(
      testDescription: "a bomb", file: "bomb.png", found: "picture_too_large",
      code: "picture_too_large"),
    Case(
      testDescription: "two pixels", file: "two.png", found: "picture_too_small",
      code: "picture_too_small"),
    Case(testDescription: "another size", file: "plain.png", code: "not_aligned"),
    Case(testDescription: "one colour", file: "grey.png", code: "no_face"),
    Case(testDescription: "no face", file: "plain.png", isAligned: false, code: "no_face"),
  ]

  /// Writes the pictures of ``cases``.
  static func write(to folder: String) throws {
    let samples = ToolTests.samples
    let probe = try Data(contentsOf: URL(fileURLWithPath: samples + "/genuine-probe.png"))
    let bomb: [UInt8] =
      [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
      + [0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60, 8, 2, 0, 0, 0, 0x0F, 0xB0, 0xE2, 0x15]
      + [0, 0, 0, 0] + Array("IDAT".utf8) + [0x35, 0xAF, 0x06, 0x1E]
      + [0, 0, 0, 0] + Array("IEND".utf8) + [0xAE, 0x42, 0x60, 0x82]
    for (name, bytes) in [
      ("probe.png", probe), ("text.png", Data("no picture".utf8)), ("empty.png", Data()),
      ("half.png", probe.prefix(probe.count / 2)), ("bomb.png", Data(bomb)),
      ("template.json", Data("{}".utf8)),
      (
        "whole.jpg",
        try Data(contentsOf: URL(fileURLWithPath: samples + "/whole/person-00008/000.jpg"))
      ),
    ] { try bytes.write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
    try RGBImage(width: 2, height: 2).writePNG(to: folder + "/two.png")
    try RGBImage(width: 90, height: 80, red: 70).writePNG(to: folder + "/plain.png")
    try RGBImage(width: 128, height: 128).writePNG(to: folder + "/grey.png")
  }

  /// A question as the doors take it.
  struct Question {
    let use: Use
    let picture: String
    let isAligned: Bool
    /// What the pair's claim is: a picture, or a template.
    var claim: String
    var isTemplate = false

    var words: [String] {
      let aligned = isAligned && use != .find ? ["--aligned"] : []
      return switch use {
      case .verify:
        ["verify", "--json"] + aligned + [picture] + (isTemplate ? ["--template"] : []) + [claim]
      case .screen: ["screen", "--json"] + aligned + [picture]
      case .embed, .find: [use.rawValue] + aligned + [picture]
      }
    }

    /// A request's members; files are named, or their bytes are in it.
    func members(namesFiles: Bool) throws -> [String: JSONValue] {
      func content(_ path: String) throws -> JSONValue {
        .string(try Data(contentsOf: URL(fileURLWithPath: path)).base64EncodedString())
      }
      let suffix = namesFiles ? "" : "_base64"
      func value(_ path: String) throws -> JSONValue {
        try namesFiles ? .string(path) : content(path)
      }
      var members: [String: JSONValue] = ["id": .string(picture)]
      if use != .find && isAligned { members["aligned"] = true }
      members[(use == .verify ? "probe" : "picture") + suffix] = try value(picture)
      if use == .verify {
        if isTemplate {
          members["template"] = namesFiles ? .string(claim) : .object([:])
        } else {
          members["reference" + suffix] = try value(claim)
        }
      }
      return members
    }
  }

  private static func object(_ text: some StringProtocol) throws -> [String: JSONValue] {
    guard case .object(let object) = try JSONDocument(Array(text.utf8)).value else { return [:] }
    return object
  }

  /// The three answers to a question, and what HTTP's status was.
  private static func answers(
    _ question: Question, _ service: RunningService, _ folder: String
  ) throws -> (command: [String: JSONValue], line: [String: JSONValue], http: [String: JSONValue]) {
    let command = try Tool.run(question.words)
    var members = try question.members(namesFiles: true)
    members["do"] = .string(question.use.rawValue)
    let line = try Tool.run(
      ["check"], input: String(decoding: try JSONText.bytes(of: members), as: UTF8.self) + "\n")
    #expect(command.status == line.status, "\(command.words) \(line.words)")
    let body = folder + "/body.json"
    try Data(JSONText.bytes(of: question.members(namesFiles: false))).write(
      to: URL(fileURLWithPath: body))
    let http = try service.curl(
      "/v1/\(question.use)",
      ["-H", "Content-Type: application/json", "--data-binary", "@" + body])
    return (
      try object(command.output), try object(line.output),
      try object(http.split(separator: "\n").first ?? "")
    )
  }

  @Test(
    "each question gets the same members at every door, and the same code where it has no answer")
  func doors() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Self.write(to: folder)
    let service = try RunningService([], log: folder + "/log", isAligned: false)
    defer { _ = service.end(SIGTERM) }
    for test in Self.cases {
      for use in Use.allCases {
        let question = Question(
          use: use, picture: "\(folder)/\(test.file)", isAligned: test.isAligned,
          claim: "\(folder)/\(test.isAligned ? "probe.png" : "whole.jpg")")
        let found = try Self.answers(question, service, folder)
        let code = (use == .find ? test.found : test.code).map { JSONValue.string($0) }
        let name: Comment = "\(test.testDescription), \(use): \(found)"
        #expect(found.command["code"] == code, name)
        #expect(found.line["code"] == code, name)
        #expect(found.http["code"] == code, name)
        let (command, line, http) = (
          found.command.filter { $0.key != "id" }, found.line.filter { $0.key != "id" },
          found.http.filter { $0.key != "id" }
        )
        if code == nil {
          #expect(command == line && line == http && command.count > 2, name)
        } else {
          // HTTP has a problem object in their place.
          #expect(command.keys.sorted() == line.keys.sorted(), name)
          #expect(command["reason"] != nil && http["detail"] != nil, name)
        }
      }
    }
    let template = Question(
      use: .verify, picture: folder + "/probe.png", isAligned: true,
      claim: folder + "/template.json", isTemplate: true)
    let found = try Self.answers(template, service, folder)
    for answer in [found.command, found.line, found.http] {
      #expect(answer["code"] == "bad_template", "\(found)")
    }
  }

  @Test("what makes pictures says the codes that HTTP says, and tells what it read and made")
  func pictures() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Self.write(to: folder)
    let service = try RunningService([], log: folder + "/log", isAligned: false)
    defer { _ = service.end(SIGTERM) }
    func ask(_ path: String, _ file: String) throws -> String? {
      let answer = try service.curl(
        path,
        ["-o", folder + "/answer", "-H", "Content-Type: image/png", "--data-binary", "@" + file])
      guard answer.hasSuffix("200") else {
        let problem = try String(contentsOfFile: folder + "/answer", encoding: .utf8)
        return try Self.object(problem)["code"]?.string
      }
      return nil
    }
    for (file, code) in [
      ("probe.png", nil), ("text.png", "unsupported_type"), ("plain.png", "no_face"),
      ("half.png", "picture_damaged"),
    ] {
      let path = "\(folder)/\(file)"
      let run = try Tool.run(["reconstruct", "--json", path, "-o", folder + "/made.png"])
      let answer = try Self.object(run.output)
      #expect(answer["code"]?.string == code && (run.status == 0) == (code == nil), "\(run)")
      #expect(try ask("/v1/reconstruct", path) == code)
      if code == nil {
        #expect(answer["width"] == 128 && answer["picture"]?.member("sha256") != nil, "\(answer)")
        #expect(
          try RGBImage.read(path: folder + "/answer").image
            == RGBImage.read(path: folder + "/made.png").image)
      }
      _ = try Tool.run(["align", path, "-o", folder + "/out"])
      #expect(try ask("/v1/align", path) == code)
      let skipped = try String(contentsOfFile: folder + "/out/skipped.csv", encoding: .utf8)
      #expect(skipped.hasSuffix(code.map { ",\($0)\n" } ?? "image,reason,code\n"), "\(skipped)")
      if code == nil {
        #expect(
          try RGBImage.read(path: folder + "/answer").image
            == RGBImage.read(path: folder + "/out/probe.png").image)
      }
    }
  }
}

extension JSONValue {
  fileprivate func member(_ name: String) -> JSONValue? {
    if case .object(let members) = self { members[name] } else { nil }
  }
}
