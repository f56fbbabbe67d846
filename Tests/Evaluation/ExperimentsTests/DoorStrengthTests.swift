import Attacks
import Embedders
import Reports
import TestSupport
import Testing

@testable import Experiments

/// A search that finds nothing within its own steps, and something in twice as many.
private struct LazyAttack: Attack {
  var steps = 1
  var settings: [String: String] { ["steps": "\(steps)"] }

  func search(_ run: inout AttackRun) {
    if steps > 1 { MinimumNormAttack(iterations: 4, approach: 6).search(&run) }
  }

  func prolonged(by factor: Int) -> Self? { Self(steps: steps * factor) }
}

@Suite struct DoorStrengthTests {
  private static let lazy = DoorTrial(NamedAttack("lazy", "", LazyAttack()), .aligned)

  private func report(
    _ trials: [DoorTrial], strength: Int, judge: any DoorJudging = SmallDoor.Screened(),
    _ work: (DoorEvaluation) throws -> Bool = { try $0.work() }
  ) throws -> DoorReport {
    try withTemporaryFolder { (state: String) throws -> DoorReport in
      let evaluation = try SmallDoor.evaluation(
        state, judge: judge, trials: trials, strength: strength)
      var runs = 0
      while try !work(evaluation) && runs < 60 { runs += 1 }
      return try evaluation.report()
    }
  }

  @Test("a search whose own steps are too few is found out, on as many pairs as were asked for")
  func tooWeak() throws {
    let judge = DistanceJudge(DecidingEmbedders(SmallDoor.embedder), match: SmallDoor.match)
    let report = try report([Self.lazy], strength: 4, judge: judge)
    let found = try #require(report.strength)
    #expect(found.map(\.effort) == [.twice] && found[0].finding == .tooWeak)
    // One pair of the six matches untouched.
    let attacked = found[0].own.of
    #expect((3...4).contains(attacked) && found[0].stronger.of == attacked)
    #expect(found[0].own.count == 0 && found[0].stronger.count == attacked)
    #expect(found[0].gained == attacked && found[0].lost == 0)
    #expect(found[0].ownRMS == 0 && found[0].strongerRMS ?? 0 > 0)
    #expect(report.rows[0].pairs == 5 && report.rows[0].outcome.iapar.count == 0)
    #expect(report.notRepeated == ["aligned-lazy, three-restarts"])
    for part in [report.text, report.page(facts: []).html] {
      #expect(part.contains("too weak") && part.contains("aligned-lazy, three-restarts"))
    }
  }

  @Test("what a door lets in is the same beside it, broken off or not; nothing is told unasked")
  func beside() throws {
    let trials = Array(SmallDoor.trials.prefix(3))
    let plain = try report(trials, strength: 0)
    let unasked = try SmallDoor.json(plain)
    #expect(plain.strength == nil && !unasked.contains("strength"))
    #expect(!plain.text.contains("more effort"))
    // Stopped now and again until it is done.
    let whole = try report(trials, strength: 1) { evaluation in
      var asked = 0
      return try evaluation.work(shouldStop: {
        asked += 1
        return asked > 12
      })
    }
    var rest = whole
    (rest.strength, rest.notRepeated) = (nil, nil)
    #expect(try SmallDoor.json(rest) == unasked)
    #expect(
      whole.strength?.map { "\($0.name) \($0.effort.rawValue)" } == [
        "aligned-minimum-norm twice-the-steps", "aligned-minimum-norm twice-the-steps",
        "aligned-both twice-the-steps", "aligned-both three-restarts",
      ])
    #expect(
      whole.notRepeated == [
        "aligned-noise, twice-the-steps", "aligned-noise, three-restarts",
        "aligned-minimum-norm, three-restarts",
      ])
  }
}
