import Files
import ModelStore
import JSON
import Checkpoints
import HTTPServer
import TestSupport
import Testing

@testable import ScreeningService

/// What whoever runs the service chooses: keys, origins, whether requests have a threshold.
@Suite(.serialized, .enabled(if: Tool.hasModels, "needs models/ and samples/"))
struct ServiceChoicesTests {
  typealias Fixture = ServiceFixture

  private func responder(
    _ origins: AllowedOrigins, keys: APIKeys? = nil, service: VerdictService? = nil
  ) throws -> ServiceResponder {
    ServiceResponder(
      try #require(service ?? Fixture.service),
      manifest: try ModelManifest(folder: Fixture.root + "/models"), keys: keys, origins: origins,
      version: "9.9", log: { _ in true })
  }

  private static let preflight = [
    "origin": "https://door.example", "access-control-request-method": "POST",
    "access-control-request-headers": "content-type",
  ]

  @Test("a page of a listed origin may ask, and reads the answer; others may not") func origins()
    throws
  {
    let keys = try APIKeys("a \(SHA256.hex(of: Array(Fixture.key.utf8)))")
    let listed = try responder(
      AllowedOrigins("https://door.example,http://localhost:3000"), keys: keys)
    let asked = listed.refusal(
      of: Fixture.head("OPTIONS", "/v1/verify", fields: Self.preflight))
    #expect(asked?.status == 204)
    #expect(asked?.fields["Access-Control-Allow-Origin"] == "https://door.example")
    #expect(asked?.fields["Access-Control-Allow-Methods"] == "POST")
    #expect(asked?.fields["Access-Control-Allow-Headers"]?.contains("Authorization") == true)
    #expect(asked?.fields["Vary"] == "Origin")

    let answer = listed.response(
      to: HTTPRequest(
        Fixture.head("GET", "/livez", fields: ["origin": "http://localhost:3000"])))
    #expect(answer.status == 200)
    #expect(answer.fields["Access-Control-Allow-Origin"] == "http://localhost:3000")
    let denied = listed.response(
      to: HTTPRequest(
        Fixture.head("GET", "/v1/models", fields: ["origin": "http://localhost:3000"])))
    #expect(denied.status == 401 && denied.fields["Access-Control-Allow-Origin"] != nil)

    for origin in ["https://door.example.org", "https://door.example:444", "null", "*"] {
      let other = Self.preflight.merging(["origin": origin]) { $1 }
      let refused = listed.refusal(of: Fixture.head("OPTIONS", "/v1/verify", fields: other))
      #expect(refused?.status == 405, "\(origin)")
      #expect(refused?.fields["Access-Control-Allow-Origin"] == nil, "\(origin)")
    }
    let unlisted = try responder(AllowedOrigins()).refusal(
      of: Fixture.head("OPTIONS", "/v1/verify", fields: Self.preflight))
    #expect(unlisted?.status == 405 && unlisted?.fields["Vary"] == nil)
  }

  @Test(
    "what is no origin is refused",
    arguments: ["*", "", "https://a,", "ftp://a", "https://", "https://a/b", "a", "https://a b"])
  func badOrigins(_ text: String) {
    #expect(throws: AllowedOriginsError.self) { try AllowedOrigins(text) }
  }

  @Test("keys are exchanged while it runs") func keys() throws {
    let (old, new) = (
      try APIKeys("a \(SHA256.hex(of: Array("old".utf8)))"),
      try APIKeys("\u{FEFF}# new\r\na \(SHA256.hex(of: Array("new".utf8)))\r\n")
    )
    let responder = try responder(AllowedOrigins(), keys: old)
    func status(_ key: String) -> Int {
      let fields = ["authorization": "Bearer \(key)"]
      return responder.response(
        to: HTTPRequest(Fixture.head("GET", "/v1/models", fields: fields))
      ).status
    }
    #expect([status("old"), status("new")] == [200, 401])
    responder.use(new)
    #expect([status("old"), status("new")] == [401, 200])
  }

  @Test(
    "where the threshold is fixed, a request with its own is refused, and the document has none")
  func fixedThreshold() throws {
    let usual = try #require(Fixture.service)
    let fixed = try responder(
      AllowedOrigins(), service: VerdictService(usual.warden, allowsThreshold: false))
    func status(_ more: [(String, [UInt8])]) throws -> Int {
      let (type, body) = Fixture.form(
        [
          ("probe", try Fixture.sample("genuine-probe")),
          ("reference", try Fixture.sample("genuine-reference")),
        ] + more)
      return fixed.response(
        to: HTTPRequest(Fixture.head("POST", "/v1/verify", type: type), body: body)
      ).status
    }
    #expect(try status([]) == 200)
    #expect(try status([("threshold", Array("4".utf8))]) == 400)
    for (allowed, count) in [(true, 2), (false, 0)] {
      let bytes = OpenAPIDocument.bytes(
        version: "1", needsKey: false, allowsThreshold: allowed)
      let schemas = try #require(try JSONDocument(bytes).value[path: "components", "schemas"])
      let found = ["Pair", "PairForm"].filter {
        schemas[path: $0, "properties", "threshold"] != nil
      }
      #expect(found.count == count)
    }
  }

  @Test("a JSON body that names a member twice is 400") func repeatedMembers() throws {
    let body = Array(
      #"{"probe_base64":"AAAA","reference_base64":"AAAA","probe_base64":"AAAA"}"#.utf8)
    let answer = try responder(AllowedOrigins()).response(
      to: HTTPRequest(Fixture.head("POST", "/v1/verify", type: "application/json"), body: body))
    #expect(answer.status == 400)
    #expect(
      try Fixture.object(answer)["detail"]?.string?.contains("'probe_base64' is given twice")
        == true)
  }
}

extension JSONValue {
  /// The member behind the names.
  fileprivate subscript(path names: String...) -> JSONValue? {
    names.reduce(self as JSONValue?) { value, name in
      if case .object(let members)? = value { members[name] } else { nil }
    }
  }
}
