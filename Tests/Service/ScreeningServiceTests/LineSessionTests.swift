import JSON
import Screening
import Checkpoints
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import ScreeningService

/// The pipe's session without a process.
@Suite(.serialized, .enabled(if: Tool.hasModels, "needs models/ and samples/"))
struct LineSessionTests {
  /// The answers to lines; `threads` of the workers can be started.
  private func answers(
    _ lines: [String], threads: Int = .max
  ) throws -> (outcome: LineSession.Outcome, answers: [[String: JSONValue]]) {
    let service = try #require(ServiceFixture.service)
    let found = Mutex<[String]>([])
    let left = Mutex(threads)
    let session = LineSession(
      service, jobs: 4,
      emit: { line in
        found.withLock { $0.append(line) }
        return true
      },
      start: { stack, work in
        let isThere = left.withLock { left in
          left -= 1
          return left >= 0
        }
        guard isThere else { return false }
        let thread = Thread { work() }
        thread.stackSize = stack
        thread.start()
        return true
      })
    var rest = lines[...]
    let outcome = session.run { rest.popFirst().map { .bytes(Array($0.utf8)) } }
    return (
      outcome,
      try found.withLock { $0 }.map {
        try JSONDecoder().decode([String: JSONValue].self, from: Data($0.utf8))
      }
    )
  }

  private func pair(_ id: String) throws -> String {
    let (probe, reference) = (
      Data(try ServiceFixture.sample("genuine-probe")).base64EncodedString(),
      Data(try ServiceFixture.sample("genuine-reference")).base64EncodedString()
    )
    return #"{"id":\#(id),"probe_base64":"\#(probe)","reference_base64":"\#(reference)"}"#
  }

  @Test(
    "every line is answered in order where no thread, or only one, can be started",
    arguments: [0, 1])
  func withoutThreads(threads: Int) throws {
    let lines = try (0..<20).map { $0 == 7 ? try pair("7") : "[\($0)" }
    let (outcome, found) = try answers(lines, threads: threads)
    #expect(outcome == LineSession.Outcome(worst: 2, count: 20, isComplete: true))
    #expect(found.map { $0["decision"] == "accept" } == (0..<20).map { $0 == 7 })
  }

  @Test("a whole number comes back with its digits, however many; another number is refused")
  func ids() throws {
    let whole = [
      "9007199254740993", "50000000014435121", "-12", String(repeating: "7", count: 256),
    ]
    let other = ["1.5", "1e3", String(repeating: "7", count: 257), "true", "[1]"]
    let (_, found) = try answers((whole + other).map { #"{"id":\#($0)}"# })
    #expect(found.map { $0["id"] } == whole.map { .string($0) } + other.map { _ in nil })
    #expect(found.suffix(other.count).allSatisfy { $0["reason"]?.string?.contains("'id'") == true })
  }

  @Test("a member given twice is refused, in any spelling; so is what is nested too deep")
  func refusals() throws {
    let twice = try pair("1").dropLast() + #","prob\u0065_base64":"AAAA"}"#
    let nested = #"{"id":"# + String(repeating: "[", count: 6000)
    let (outcome, found) = try answers([String(twice), nested, "nonsense"])
    #expect(outcome.worst == 2)
    let reasons = found.map { $0["reason"]?.string ?? "" }
    #expect(reasons[0].contains("'probe_base64' is given twice"), "\(reasons[0])")
    #expect(reasons[1].contains("more than 64 deep"), "\(reasons[1])")
    #expect(
      reasons[2] == "the line is no request: expected a JSON object with probe and reference")
  }

  private func picture(_ members: String, _ name: String = "adversarial-probe") throws -> String {
    let bytes = Data(try ServiceFixture.sample(name)).base64EncodedString()
    return #"{\#(members),"picture_base64":"\#(bytes)"}"#
  }

  @Test("a line says what is to be done: verify, screen or embed") func uses() throws {
    let lines = [
      try picture(#""do":"screen","id":"a""#), try picture(#""do":"embed","id":"b""#),
      try pair("3").replacingOccurrences(of: #"{"id""#, with: #"{"do":"verify","id""#),
      try picture(#""do":"screen","id":"c""#, "genuine-probe"),
    ]
    let (outcome, found) = try answers(lines)
    // A tampered picture is the worst of these.
    #expect(outcome == LineSession.Outcome(worst: 1, count: 4, isComplete: true))
    #expect(found.map { $0["id"]?.string } == ["a", "b", "3", "c"])
    #expect(found[0]["verdict"] == "adversarial" && found[0]["decision"] == nil)
    #expect(found[1]["embedding"]?.array?.count == 128 && found[1]["verdict"] == nil)
    #expect(found[2]["decision"] == "accept")
    #expect(found[3]["verdict"] == "bona_fide")
  }

  @Test("an answer that is none says why by a code, in the form of what was asked") func codes()
    throws
  {
    let lines = [
      #"{"do":"paint"}"#, #"{"do":"screen"}"#, #"{"do":"embed","picture_base64":"AAAA"}"#,
      #"{"do":"screen","probe":"a"}"#, #"{"do":7}"#, "[1]",
      #"{"probe":"a","reference":"b"}"#, #"{"do":"embed","picture":"a"}"#,
    ]
    let (outcome, found) = try answers(lines)
    #expect(outcome.worst == 2)
    #expect(
      found.map { $0["code"]?.string } == [
        "malformed", "malformed", "unsupported_type", "malformed", "malformed", "malformed",
        "malformed", "malformed",
      ])
    #expect(found.allSatisfy { $0["reason"]?.string?.isEmpty == false })
    // Only a verdict on a pair has a decision; all that can have a verdict have one.
    #expect(
      found.map { $0["decision"]?.string } == ["deny", nil, nil, nil, "deny", "deny", "deny", nil])
    #expect(
      found.map { $0["verdict"]?.string } == [
        "undecided", "undecided", nil, "undecided", "undecided", "undecided", "undecided", nil,
      ])
  }
}
