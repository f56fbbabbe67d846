import FuzzTargets
import Testing

/// The same inputs at every run: a few seconds of what `Fuzz` does for hours.
@Suite struct FuzzTargetTests {
  @Test(
    "mutated inputs are taken or refused, never worse", arguments: try FuzzTarget.all.map(\.name))
  func mutations(_ name: String) throws {
    let target = try #require(try FuzzTarget.all.first { $0.name == name })
    #expect(target.seeds.allSatisfy(target.accepts), "a seed of \(name) is refused")
    let (tried, accepted) = target.run(seconds: 20, runs: 3000, seed: 7)
    #expect(tried > 0 && accepted < tried)
  }
}
