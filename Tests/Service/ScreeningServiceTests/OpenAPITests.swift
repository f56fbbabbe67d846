import Foundation
import HTTPServer
import JSON
import TestSupport
import Testing

@testable import ScreeningService

/// The description says what the server does.
@Suite(.serialized, .enabled(if: Tool.hasModels, "needs models/ and samples/")) struct OpenAPITests
{
  typealias Fixture = ServiceFixture

  private static func document(needsKey: Bool = true) throws -> [String: JSONValue] {
    try JSONDecoder().decode(
      [String: JSONValue].self,
      from: Data(OpenAPIDocument.bytes(version: "1", needsKey: needsKey)))
  }

  @Test("every path and method of the document is served, and no other method") func paths() throws
  {
    let document = try Self.document()
    #expect(document["openapi"] == "3.1.0")
    let responder = try Fixture.responder()
    let paths = try #require(document.member("paths"))
    #expect(Set(paths.keys) == Set(ServiceRoute.allCases.map(\.rawValue)))
    for (path, item) in paths {
      let described = Set((item.members ?? [:]).keys)
      for method in ["get", "post", "put", "delete", "patch"] {
        let answer = responder.response(to: HTTPRequest(Fixture.head(method.uppercased(), path)))
        #expect((answer.status == 405) != described.contains(method), "\(method) \(path)")
      }
    }
  }

  @Test("references lead somewhere") func references() throws {
    let document = try Self.document()
    let names = Set((document.member("components")?.member("schemas") ?? [:]).keys)
    func check(_ value: JSONValue) {
      if let reference = value.members?["$ref"]?.string {
        #expect(names.contains(String(reference.split(separator: "/").last ?? "")), "\(reference)")
      }
      for inner in (value.members.map { Array($0.values) } ?? value.array ?? []) { check(inner) }
    }
    check(.object(document))
    #expect(names.count == 17)
  }

  @Test("answers have the form that the document describes") func answers() throws {
    let document = try Self.document()
    let schemas = try #require(document.member("components")?.member("schemas"))
    let responder = try Fixture.responder()
    let (type, body) = Fixture.form([
      ("probe", try Fixture.sample("genuine-probe")), ("id", Array("a".utf8)),
      ("reference", try Fixture.sample("genuine-reference")), ("timings", Array("true".utf8)),
    ])
    let verdict = responder.response(
      to: HTTPRequest(Fixture.head("POST", "/v1/verify", type: type), body: body))
    let screening = responder.response(
      to: HTTPRequest(
        Fixture.head("POST", "/v1/screen", type: "image/png"),
        body: try Fixture.sample("genuine-probe")))
    let embedding = responder.response(
      to: HTTPRequest(
        Fixture.head("POST", "/v1/embed", type: "image/png"),
        body: try Fixture.sample("genuine-probe")))
    let problem = responder.response(to: HTTPRequest(Fixture.head("GET", "/none")))
    for (answer, name) in [
      (verdict, "Verdict"), (embedding, "PictureEmbedding"), (screening, "PictureVerdict"),
      (problem, "Problem"),
    ] {
      let schema = try #require(schemas[name])
      let faults = Self.faults(.object(try Fixture.object(answer)), schema, schemas, at: name)
      #expect(faults.isEmpty, "\(faults)")
    }
    // The check itself finds what is wrong.
    let wrong: JSONValue = ["decision": "maybe", "reason": "x", "verdict": "bona_fide", "more": 1]
    #expect(Self.faults(wrong, try #require(schemas["Verdict"]), schemas, at: "").count == 2)
  }

  /// Where a value departs from a schema: the few words of JSON Schema that the document uses.
  private static func faults(
    _ value: JSONValue, _ schema: JSONValue, _ schemas: [String: JSONValue], at place: String
  ) -> [String] {
    guard let rules = schema.members else { return [] }
    if let name = rules["$ref"]?.string?.split(separator: "/").last,
      let target = schemas[String(name)]
    {
      return faults(value, target, schemas, at: place)
    }
    var found: [String] = []
    let fits =
      switch rules["type"]?.string {
      case "object": value.members != nil
      case "array": value.array != nil
      case "string": value.string != nil
      case "number": value.number != nil
      case "integer": value.integer != nil
      case "boolean": value.bool != nil
      default: true
      }
    if !fits { found.append("\(place) is no \(rules["type"]?.string ?? "")") }
    if let constant = rules["const"], constant != value {
      found.append("\(place) is not \(constant)")
    }
    if let choices = rules["enum"]?.array, !choices.contains(value) {
      found.append("\(place) is none of \(choices)")
    }
    if let number = value.number {
      if let least = rules["minimum"]?.number, number < least {
        found.append("\(place) < \(least)")
      }
      if let most = rules["maximum"]?.number, number > most { found.append("\(place) > \(most)") }
    }
    if let members = value.members {
      for name in rules["required"]?.array ?? [] where members[name.string ?? ""] == nil {
        found.append("\(place) lacks \(name)")
      }
      for (name, inner) in members {
        if let rule = rules["properties"]?.members?[name] {
          found += faults(inner, rule, schemas, at: "\(place).\(name)")
        } else if let rest = rules["additionalProperties"] {
          if rest == false { found.append("\(place) has \(name)") }
          found += faults(inner, rest, schemas, at: "\(place).\(name)")
        }
      }
    }
    for (index, inner) in (value.array ?? []).enumerated() {
      found += faults(inner, rules["items"] ?? [:], schemas, at: "\(place)[\(index)]")
    }
    return found
  }
}

extension JSONValue {
  fileprivate var members: [String: JSONValue]? {
    if case .object(let value) = self { value } else { nil }
  }

  fileprivate func member(_ name: String) -> [String: JSONValue]? { members?[name]?.members }
}

extension [String: JSONValue] {
  fileprivate func member(_ name: String) -> [String: JSONValue]? { self[name]?.members }
}
