import Foundation
import HTTPServer
import Images
import JSON
import ModelStore
import Screening
import Synchronization
import TestSupport
import Testing

@testable import ScreeningService

/// The service over models that are made for the test: nothing has to be there, and nothing is skipped.
@Suite(.serialized) struct TinyServiceTests {
  typealias Fixture = ServiceFixture

  private static func with<Result>(
    _ body: (ServiceResponder, VerdictService) throws -> Result
  ) throws -> Result {
    try withTemporaryFolder { folder in
      try TinyModels.write(to: folder)
      let service = VerdictService(try FaceWarden(folder: folder))
      return try body(
        ServiceResponder(
          service, manifest: try ModelManifest(folder: folder), keys: nil, version: "9.9",
          log: { _ in true }), service)
    }
  }

  private static func picture(_ person: Int) throws -> [UInt8] {
    try SyntheticPeople.picture(person: person, variant: 0, side: 128).pngData()
  }

  private static func post(
    _ responder: ServiceResponder, _ path: String, _ members: [String: JSONValue]
  ) throws -> HTTPResponse {
    responder.response(
      to: HTTPRequest(
        Fixture.head("POST", path, type: "application/json"),
        body: try JSONText.bytes(of: members)))
  }

  private static func base64(_ bytes: [UInt8]) -> JSONValue {
    .string(Data(bytes).base64EncodedString())
  }

  @Test("a form, JSON and a line of the pipe get one verdict") func verdicts() throws {
    try Self.with { responder, service in
      let (a, b) = (try Self.picture(1), try Self.picture(2))
      let (type, body) = Fixture.form([("probe", a), ("reference", b)])
      let form = responder.response(
        to: HTTPRequest(Fixture.head("POST", "/v1/verify", type: type), body: body))
      #expect(form.status == 200)
      let members: [String: JSONValue] = [
        "probe_base64": Self.base64(a), "reference_base64": Self.base64(b),
      ]
      #expect(try Self.post(responder, "/v1/verify", members).body == form.body)
      let lines = Mutex<[String]>([])
      let session = LineSession(service, jobs: 2) { line in
        lines.withLock { $0.append(line) }
        return true
      }
      var asked: [[UInt8]] = [try JSONText.bytes(of: members), Array("{}".utf8)].reversed()
      let outcome = session.run { asked.popLast().map { .bytes($0) } }
      #expect(outcome.count == 2 && outcome.worst == 2)
      let answers = lines.withLock { $0 }
      #expect(answers[0] == String(decoding: form.body, as: UTF8.self) + "\n")
      #expect(answers[1].contains(#""code":"malformed""#))
    }
  }

  @Test("one picture is screened, embedded, reconstructed and aligned") func pictures() throws {
    try Self.with { responder, _ in
      let bytes = try Self.picture(3)
      func ask(_ path: String) -> HTTPResponse {
        responder.response(
          to: HTTPRequest(Fixture.head("POST", path, type: "image/png"), body: bytes))
      }
      let screening = try Fixture.object(ask("/v1/screen"))
      #expect(screening["verdict"] != nil && screening["score"] != nil, "\(screening)")
      let embedding = try Fixture.object(ask("/v1/embed"))["embedding"]?.array ?? []
      let square = embedding.compactMap(\.number).reduce(0) { $0 + $1 * $1 }
      #expect(embedding.count == 8 && abs(square - 1) < 1e-5)
      let made = ask("/v1/reconstruct")
      let rebuilt = try RGBImage.decode(made.body, name: "answer").image
      #expect(rebuilt.width == 128 && rebuilt.height == 128)
      #expect(
        try RGBImage.decode(ask("/v1/align").body, name: "answer").image
          == RGBImage.decode(bytes, name: "picture").image)
      let search = ask("/v1/find")
      #expect(search.status == 501)
      #expect(try Fixture.object(search)["code"] == "no_face_detector")
    }
  }

  @Test("a person is enrolled and verified against the template") func templates() throws {
    try Self.with { responder, _ in
      let bytes = try Self.picture(4)
      let template = try Self.post(
        responder, "/v1/templates", ["name": "Ada", "picture_1_base64": Self.base64(bytes)])
      guard template.status == 200 else {
        // Drawn weights may call the picture tampered with; then they say so.
        #expect(try Fixture.object(template)["code"] == "enrolment_tampered")
        return
      }
      let verdict = try Fixture.object(
        try Self.post(
          responder, "/v1/verify",
          [
            "probe_base64": Self.base64(bytes),
            "template": try JSONDocument(template.body).value,
          ]))
      #expect(verdict["template"] == ["name": "Ada", "pictures": 1], "\(verdict)")
    }
  }

  @Test("bad pictures get their codes", arguments: ["", "no picture"]) func bad(_ text: String)
    throws
  {
    try Self.with { responder, _ in
      let answer = responder.response(
        to: HTTPRequest(
          Fixture.head("POST", "/v1/screen", type: "image/png"), body: Array(text.utf8)))
      let code = try Fixture.object(answer)["code"]
      #expect(code == (text.isEmpty ? "malformed" : "unsupported_type"))
    }
  }
}
