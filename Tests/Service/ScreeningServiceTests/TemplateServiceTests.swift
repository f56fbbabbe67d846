import Foundation
import HTTPServer
import JSON
import ModelStore
import Presentation
import Screening
import Sealing
import Synchronization
import TestSupport
import Testing

@testable import ScreeningService
@testable import UseCases

/// Templates in the pipe and over HTTP, with the shipped models.
@Suite(.serialized, .enabled(if: Tool.hasModels, "needs models/ and samples/"))
struct TemplateServiceTests {
  typealias Fixture = ServiceFixture

  private func post(
    _ responder: ServiceResponder, _ path: String, _ parts: [(String, [UInt8])]
  ) -> HTTPResponse {
    let (type, body) = Fixture.form(parts + [("aligned", Array("true".utf8))])
    return responder.response(to: HTTPRequest(Fixture.head("POST", path, type: type), body: body))
  }

  private func enrol(_ responder: ServiceResponder, _ pictures: [String]) throws -> HTTPResponse {
    post(
      responder, "/v1/templates",
      [("name", Array("Ada".utf8))]
        + (try pictures.enumerated().map { ("picture_\($0 + 1)", try Fixture.sample($1)) }))
  }

  @Test("a template gives the distance of its picture, and the probe's own score")
  func verification() throws {
    let responder = try Fixture.responder()
    let answer = try enrol(responder, ["genuine-reference"])
    #expect(answer.status == 200)
    let probe = ("probe", try Fixture.sample("genuine-probe"))
    let verdict = try Fixture.object(
      post(responder, "/v1/verify", [probe, ("template", answer.body)]))
    #expect(verdict["decision"] == "accept" && verdict["reference"] == nil)
    #expect(verdict["template"] == ["name": "Ada", "pictures": 1])
    let pair = try Fixture.object(
      post(
        responder, "/v1/verify", [probe, ("reference", try Fixture.sample("genuine-reference"))]))
    #expect(verdict["verification"] == pair["verification"] && pair["verification"] != nil)
    // The same as an object in JSON.
    let json: [String: JSONValue] = [
      "probe_base64": .string(Data(probe.1).base64EncodedString()), "aligned": true,
      "template": try JSONDocument(answer.body).value,
    ]
    let other = responder.response(
      to: HTTPRequest(
        Fixture.head("POST", "/v1/verify", type: "application/json"),
        body: [UInt8](try JSONEncoder().encode(json))))
    #expect(try Fixture.object(other) == verdict)
    let adversarial = post(
      responder, "/v1/verify",
      [("probe", try Fixture.sample("adversarial-probe")), ("template", answer.body)])
    #expect(try Fixture.object(adversarial)["decision"] == "deny")
  }

  @Test("tampered pictures, two people, gaps in the numbers and other models are refused")
  func refusals() throws {
    let responder = try Fixture.responder()
    func code(_ response: HTTPResponse) throws -> JSONValue? {
      try Fixture.object(response)["code"]
    }
    #expect(try code(enrol(responder, ["adversarial-probe"])) == "enrolment_tampered")
    #expect(
      try code(enrol(responder, ["genuine-reference", "impostor-probe"])) == "enrolment_mismatch")
    #expect(try code(enrol(responder, [])) == "malformed")
    let picture = try Fixture.sample("genuine-reference")
    let name = ("name", Array("a".utf8))
    for parts in [
      [("picture_1", picture)], [name, ("picture_2", picture)],
      [name, ("picture_1", picture), ("picture_3", picture)],
      [name, ("picture_1", picture), ("picture_17", picture)],
    ] {
      #expect(try code(post(responder, "/v1/templates", parts)) == "malformed")
    }
    var template = try FaceTemplate(file: enrol(responder, ["genuine-reference"]).body)
    template.models[0].sha256 = String(repeating: "0", count: 64)
    let probe = ("probe", try Fixture.sample("genuine-probe"))
    #expect(
      try code(post(responder, "/v1/verify", [probe, ("template", try template.file())]))
        == "template_of_other_models")
    template = try FaceTemplate(file: enrol(responder, ["genuine-reference"]).body)
    template.views[0].embedding = [1]
    #expect(
      try code(post(responder, "/v1/verify", [probe, ("template", try template.file())]))
        == "bad_template")
  }

  @Test("a service with a key takes sealed templates alone, and gives such") func seals() throws {
    let service = try #require(Fixture.service)
    let key = try SealingKey(hex: String(repeating: "7", count: 64))
    let keyed = VerdictService(service.warden, templateKey: key)
    let responder = ServiceResponder(
      keyed, manifest: try ModelManifest(folder: Fixture.root + "/models"), keys: nil, version: "9",
      log: { _ in true }
    )
    let sealed = try enrol(responder, ["genuine-reference"])
    #expect(try Fixture.object(sealed)["sealed"] != nil)
    let probe = ("probe", try Fixture.sample("genuine-probe"))
    #expect(post(responder, "/v1/verify", [probe, ("template", sealed.body)]).status == 200)
    let plain = try FaceTemplate(file: sealed.body, key: key).file()
    let refused = try Fixture.object(post(responder, "/v1/verify", [probe, ("template", plain)]))
    #expect(refused["code"] == "template_seal")
  }

  @Test("the pipe takes a template as a path or as an object") func lines() throws {
    let service = try #require(Fixture.service)
    let template = try enrol(try Fixture.responder(), ["genuine-reference"]).body
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(template).write(to: URL(fileURLWithPath: folder + "/a.json"))
    let probe = Data(try Fixture.sample("genuine-probe")).base64EncodedString()
    let object = String(decoding: template, as: UTF8.self)
    let answers = Mutex<[String]>([])
    let session = LineSession(
      service, jobs: 1,
      emit: { line in
        answers.withLock { $0.append(line) }
        return true
      })
    var lines = [#""\#(folder)/a.json""#, object, #""\#(folder)/none""#, "7"].map {
      #"{"probe_base64":"\#(probe)","template":\#($0)}"#.replacingOccurrences(of: "\n", with: "")
    }
    lines.reverse()
    _ = session.run { lines.popLast().map { .bytes(Array($0.utf8)) } }
    let decisions = try answers.withLock { $0 }.map {
      try JSONDecoder().decode([String: JSONValue].self, from: Data($0.utf8))
    }
    #expect(decisions.map { $0["decision"] } == ["accept", "accept", "deny", "deny"])
    #expect(decisions.map { $0["code"] } == [nil, nil, "malformed", "malformed"])
  }

  @Test("a probe is one person of a gallery, nobody, or too much like two") func identification()
    throws
  {
    let door = try #require(Fixture.service).door
    func picture(_ name: String) throws -> FacePicture {
      try FacePicture(bytes: Fixture.sample(name), name: name, landmarks: nil)
    }
    let ada = try door.enrol("Ada", [picture("genuine-reference")])
    let bob = try door.enrol("Bob", [picture("impostor-reference")])
    let found = try door.identify(picture("genuine-probe"), in: FaceGallery([ada, bob]))
    #expect(found.decision == .accept && found.identification?.name == "Ada")
    #expect(found.identification?.candidates.map(\.name) == ["Ada", "Bob"])
    #expect(found.identification?.fpirBound == (door.warden.verificationPoint.fmr ?? 0) * 2)
    let nobody = try door.identify(picture("genuine-probe"), in: FaceGallery([bob]))
    #expect(nobody.decision == .deny && nobody.exitCode == 1 && nobody.template == nil)
    #expect(nobody.identification?.name == nil && nobody.reason == "nobody of the gallery")
    var twin = ada
    twin.name = "Eve"
    let both = try door.identify(picture("genuine-probe"), in: FaceGallery([ada, twin]))
    #expect(both.code == "ambiguous" && both.exitCode == 2 && both.decision == .deny)
  }
}
