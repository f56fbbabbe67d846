import Checkpoints
import Embedders
import Files
import Foundation
import HTTPServer
import Images
import JSON
import ModelStore
import Presentation
import Screening
import Synchronization
import TestSupport
import Testing

@testable import ScreeningService

/// Bytes in, bytes out, with the shipped models and without a socket.
@Suite(.serialized, .enabled(if: Tool.hasModels, "needs models/ and samples/"))
struct ServiceResponderTests {
  typealias Fixture = ServiceFixture

  private func verify(
    _ responder: ServiceResponder, _ pair: String, _ more: [(String, [UInt8])] = []
  ) throws -> HTTPResponse {
    let (type, body) = Fixture.form(
      [
        ("probe", try Fixture.sample("\(pair)-probe")),
        ("reference", try Fixture.sample("\(pair)-reference")),
      ] + more)
    return responder.response(
      to: HTTPRequest(Fixture.head("POST", "/v1/verify", type: type), body: body))
  }

  @Test("a form and JSON get the verdict that the library gives, alone or in company")
  func verdicts() throws {
    let responder = try Fixture.responder()
    let warden = responder.service.warden
    var alone: [String: [UInt8]] = [:]
    for pair in ["genuine", "impostor", "adversarial"] {
      let pictures = try ["probe", "reference"].map {
        try FacePicture(bytes: Fixture.sample("\(pair)-\($0)"), name: $0, landmarks: nil)
      }
      let expected = warden.judge(probe: pictures[0], reference: pictures[1])
      let answer = try verify(responder, pair)
      #expect(answer.status == 200)
      #expect(try answer.body == expected.json())
      alone[pair] = answer.body
      let json: [String: JSONValue] = [
        "probe_base64": .string(Data(try Fixture.sample("\(pair)-probe")).base64EncodedString()),
        "reference_base64": .string(
          Data(try Fixture.sample("\(pair)-reference")).base64EncodedString()),
      ]
      let other = responder.response(
        to: HTTPRequest(
          Fixture.head("POST", "/v1/verify", type: "application/json"),
          body: [UInt8](try JSONEncoder().encode(json))))
      #expect(other.body == answer.body)
    }
    // Six at once, so that groups are formed.
    let expected = alone
    DispatchQueue.concurrentPerform(iterations: 6) { index in
      let pair = ["genuine", "impostor", "adversarial"][index % 3]
      let answer = try? verify(responder, pair)
      #expect(answer?.body == expected[pair], "\(pair) in company")
    }
  }

  @Test("id, threshold and timings are the request's own") func members() throws {
    let responder = try Fixture.responder()
    let answer = try Fixture.object(
      try verify(
        responder, "genuine",
        [
          ("id", Array("door 7".utf8)), ("threshold", Array("0".utf8)),
          ("timings", Array("true".utf8)),
        ]))
    #expect(answer["id"] == "door 7" && answer["decision"] == "deny")
    guard case .object(let verification)? = answer["verification"],
      case .object(let timings)? = answer["timings_ms"]
    else {
      Issue.record("no verification or timings in \(answer)")
      return
    }
    #expect(verification["threshold"] == 0 && verification["match"] == false)
    #expect(Set(timings.keys) == ["decode", "examine"])
  }

  @Test("an embedding is of unit length, and has the distance that a verdict tells of f_C")
  func embeddings() throws {
    let responder = try Fixture.responder()
    let rows = try ["genuine-probe", "genuine-reference"].map { name -> [Float] in
      let answer = responder.response(
        to: HTTPRequest(
          Fixture.head("POST", "/v1/embed", type: "image/png"), body: try Fixture.sample(name)))
      #expect(answer.status == 200)
      let found = try Fixture.object(answer)
      #expect(found["model"] == "f_c")
      return (found["embedding"]?.array ?? []).compactMap { $0.number.map { Float($0) } }
    }
    let square = rows[0].reduce(0) { $0 + $1 * $1 }
    #expect(abs(square - 1) < 1e-5)
    let distance = zip(rows[0], rows[1]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let (type, body) = Fixture.form([
      ("probe", try Fixture.sample("genuine-probe")),
      ("reference", try Fixture.sample("genuine-reference")),
    ])
    let verdict = try Fixture.object(
      responder.response(
        to: HTTPRequest(Fixture.head("POST", "/v1/verify", type: type), body: body)))
    var told: Double?
    if case .object(let members)? = verdict["verification"],
      case .object(let networks)? = members["networks"]
    {
      told = networks["f_c"]?.number
    }
    let expected = try #require(told)
    #expect(abs(Double(distance) - expected) < 1e-5)
    #expect(
      responder.response(
        to: HTTPRequest(
          Fixture.head("POST", "/v1/embed", type: "application/json"),
          body: Array(#"{"do":"embed"}"#.utf8))
      ).status == 400)
  }

  @Test("a screening has a verdict and no decision; reconstructions are pictures")
  func pictures() throws {
    let responder = try Fixture.responder()
    func ask(_ path: String, _ query: [String: String] = [:]) throws -> HTTPResponse {
      responder.response(
        to: HTTPRequest(
          Fixture.head("POST", path, type: "image/png", query: query),
          body: try Fixture.sample("adversarial-probe")))
    }
    let screening = try Fixture.object(try ask("/v1/screen"))
    #expect(screening["verdict"] == "adversarial" && screening["decision"] == nil)
    let (rebuilt, map) = (
      try ask("/v1/reconstruct"), try ask("/v1/reconstruct", ["view": "disagreement"])
    )
    #expect(rebuilt.body != map.body)
    // A and G alone give what the whole examination gives.
    let service = try #require(Fixture.service)
    let face = try RGBImage.decode(try Fixture.sample("adversarial-probe"), name: "probe").image
    #expect(
      try RGBImage.decode(rebuilt.body, name: "answer").image.pixels
        == service.warden.examine([face])[0].evidence.reconstruction.pixels)
    for answer in [rebuilt, map] {
      #expect(answer.fields["Content-Type"] == "image/png")
      let picture = try RGBImage.decode(answer.body, name: "answer").image
      #expect(picture.width == 128 && picture.height == 128)
    }
    #expect(try ask("/v1/reconstruct", ["view": "all"]).status == 400)
  }

  struct Bad: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var method = "POST"
    var path = "/v1/screen"
    var type: String? = "image/png"
    var query: [String: String] = [:]
    var body: [UInt8] = []
    let status: Int
    let code: String
  }

  static let bad: [Bad] = [
    Bad(testDescription: "no path", path: "/v2", status: 404, code: "not_found"),
    Bad(testDescription: "upward", path: "/../etc/passwd", status: 404, code: "not_found"),
    Bad(testDescription: "method", method: "GET", status: 405, code: "method_not_allowed"),
    Bad(testDescription: "type", type: "text/plain", status: 415, code: "unsupported_type"),
    Bad(testDescription: "no type", type: nil, status: 415, code: "unsupported_type"),
    Bad(testDescription: "query", query: ["x": "1"], status: 400, code: "malformed"),
    Bad(testDescription: "empty", status: 400, code: "malformed"),
    Bad(
      testDescription: "no picture", body: Array("hello".utf8), status: 415,
      code: "unsupported_type"),
    Bad(
      testDescription: "broken JSON", type: "application/json", body: Array("{".utf8), status: 400,
      code: "malformed"),
    Bad(
      testDescription: "deep JSON", type: "application/json",
      body: [UInt8](repeating: UInt8(ascii: "["), count: 100_000), status: 400, code: "malformed"),
    Bad(
      testDescription: "no Base64", type: "application/json",
      body: Array(#"{"picture_base64":"%%"}"#.utf8), status: 400, code: "malformed"),
    Bad(
      testDescription: "path in JSON", path: "/v1/verify", type: "application/json",
      body: Array(#"{"probe":"/etc/passwd","reference":"/etc/passwd"}"#.utf8), status: 400,
      code: "malformed"),
    Bad(
      testDescription: "misspelt", path: "/v1/verify", type: "application/json",
      body: Array(#"{"treshold":1}"#.utf8), status: 400, code: "malformed"),
    Bad(
      testDescription: "no form", type: "multipart/form-data; boundary=b", body: Array("x".utf8),
      status: 400, code: "malformed"),
    Bad(
      testDescription: "small", body: (try? RGBImage(width: 20, height: 20).pngData()) ?? [],
      status: 422, code: "not_aligned"),
    Bad(
      testDescription: "black", body: (try? RGBImage(width: 128, height: 128).pngData()) ?? [],
      status: 422, code: "no_face"),
    Bad(
      testDescription: "tiny", body: (try? RGBImage(width: 2, height: 2).pngData()) ?? [],
      status: 422, code: "picture_too_small"),
    Bad(
      testDescription: "damaged",
      body: Array(((try? RGBImage(width: 128, height: 128).pngData()) ?? []).prefix(60)),
      status: 422,
      code: "picture_damaged"),
    Bad(testDescription: "bomb", body: bomb, status: 413, code: "picture_too_large"),
  ]

  /// A PNG of 60,000×60,000 pixels in 57 bytes, its header's checksum right.
  static let bomb: [UInt8] =
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
    + [0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60, 8, 2, 0, 0, 0, 0x0F, 0xB0, 0xE2, 0x15]
    + [0, 0, 0, 0] + Array("IDAT".utf8) + [0x35, 0xAF, 0x06, 0x1E]
    + [0, 0, 0, 0] + Array("IEND".utf8) + [0xAE, 0x42, 0x60, 0x82]

  @Test("what cannot be answered gets a problem with its status, without paths", arguments: bad)
  func problems(_ bad: Bad) throws {
    let responder = try Fixture.responder()
    let head = Fixture.head(
      bad.method, bad.path, type: bad.type, query: bad.query, fields: ["x-request-id": "r-1"])
    let answer =
      responder.refusal(of: head) ?? responder.response(to: HTTPRequest(head, body: bad.body))
    let problem = try Fixture.object(answer)
    #expect(answer.status == bad.status, "\(problem)")
    #expect(problem["code"] == .string(bad.code) && problem["request_id"] == "r-1", "\(problem)")
    #expect(problem["status"]?.integer == bad.status)
    #expect(answer.fields["Content-Type"] == "application/problem+json")
    #expect(answer.fields["X-Request-Id"] == "r-1")
    let text = String(decoding: answer.body, as: UTF8.self)
    #expect(!text.contains("/etc") && !text.contains("/work") && !text.contains("accept\""))
  }

  @Test("with keys, work needs one and probes do not; the log names the holder, not the key")
  func keys() throws {
    let log = Fixture.Lines()
    let sum = SHA256.hex(of: Array(Fixture.key.utf8))
    let responder = try Fixture.responder(keys: try APIKeys("front \(sum)"), log: log)
    for (path, method) in [("/v1/verify", "POST"), ("/v1/models", "GET")] {
      for fields in [[:], ["authorization": "Bearer no"], ["authorization": Fixture.key]] {
        let refusal = responder.refusal(
          of: Fixture.head(method, path, type: "application/json", fields: fields))
        #expect(refusal?.status == 401 && refusal?.fields["WWW-Authenticate"] == "Bearer")
      }
    }
    for fields in [["authorization": "Bearer \(Fixture.key)"], ["x-api-key": Fixture.key]] {
      let head = Fixture.head("GET", "/v1/models", fields: fields)
      #expect(responder.refusal(of: head) == nil)
      #expect(responder.response(to: HTTPRequest(head)).status == 200)
      responder.finished(
        HTTPRecord(
          head: head, status: 200, fields: [:], received: 1, sent: 2, seconds: 0.01,
          isComplete: true))
    }
    for path in ["/livez", "/readyz", "/metrics", "/openapi.json", "/"] {
      #expect(responder.refusal(of: Fixture.head("GET", path)) == nil)
    }
    responder.closeLog()
    let lines = log.lines.withLock { $0 }
    #expect(lines.count == 2 && lines.allSatisfy { $0.contains(#""key":"front""#) })
    #expect(lines.allSatisfy { !$0.contains(Fixture.key) && $0.hasSuffix("}\n") })
  }

  @Test("a log that is full costs lines, which are counted, and no answer") func fullLog() throws {
    let responder = try Fixture.responder(logs: false)
    responder.note("one")
    responder.closeLog()
    let metrics = responder.response(to: HTTPRequest(Fixture.head("GET", "/metrics")))
    let text = String(decoding: metrics.body, as: UTF8.self)
    #expect(text.contains("\nfacewarden_lost_log_lines_total 1\n"), "\(text)")
  }

  @Test("metrics count requests by path and verdicts by decision, and are well formed")
  func metrics() throws {
    let responder = try Fixture.responder()
    _ = try verify(responder, "impostor")
    for path in ["/v1/verify", "/nowhere", "/elsewhere"] {
      responder.finished(
        HTTPRecord(
          head: Fixture.head("POST", path), status: 200, fields: [:], received: 0, sent: 0,
          seconds: 0.02, isComplete: true))
    }
    let answer = responder.response(to: HTTPRequest(Fixture.head("GET", "/metrics")))
    let lines = String(decoding: answer.body, as: UTF8.self).split(separator: "\n")
    #expect(lines.contains(#"facewarden_requests_total{route="/v1/verify",status="200"} 1"#))
    #expect(lines.contains(#"facewarden_requests_total{route="other",status="200"} 2"#))
    #expect(lines.contains(#"facewarden_verdicts_total{decision="deny",verdict="bona_fide"} 1"#))
    let form = #/[a-z_]+(\{[a-z0-9_]+="[^"]*"(,[a-z0-9_]+="[^"]*")*\})? -?[0-9.e+-]+/#
    for line in lines where !line.hasPrefix("#") {
      #expect(line.wholeMatch(of: form) != nil, "\(line)")
    }
  }

  @Test("a service that stops is live and not ready") func readiness() throws {
    let responder = try Fixture.responder()
    func status(_ path: String) -> Int {
      responder.response(to: HTTPRequest(Fixture.head("GET", path))).status
    }
    #expect(status("/livez") == 200 && status("/readyz") == 200)
    responder.stop()
    #expect(status("/livez") == 200 && status("/readyz") == 503)
  }

  @Test("the self-test passes with models that work") func selfTest() throws {
    let manifest = try ModelManifest(folder: Fixture.root + "/models")
    #expect(try #require(Fixture.service).selfTest(manifest).isEmpty)
  }

  @Test(
    "the self-test tells of a network that computes something else, and of one it cannot tell of")
  func selfTestSees() throws {
    let service = try #require(Fixture.service)
    let picture = RGBImage(width: 128, height: 128, pixels: EmbeddingSelfTest.pixels)
    let evidence = service.warden.examine([picture])[0].evidence
    let shipped = try ModelManifest(folder: Fixture.root + "/models")
    func unknown(_ name: String, keeping numbers: [Double]?) throws -> [String] {
      var manifest = shipped
      var entry = try manifest.entry(name)
      entry.selfTest = numbers
      manifest.update(entry)
      return try VerdictService.unknownModels(evidence, manifest)
    }
    for name in ["f_c", "f_v"] {
      #expect(try unknown(name, keeping: nil) == [name])
      let kept = try #require(try shipped.entry(name).selfTest)
      #expect(try unknown(name, keeping: kept).isEmpty)
      var off = kept
      off[15] += 0.002
      // What a network of zeros, or another network, makes of it.
      for wrong in [[Double](repeating: 0, count: 16), kept.reversed(), off, [], kept + [0]] {
        #expect(throws: SelfTestError.self) { try unknown(name, keeping: wrong) }
      }
    }
  }
}
