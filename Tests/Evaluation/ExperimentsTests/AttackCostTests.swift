import Embedders
import Experiments
import FaceDatasets
import NeuralNetworks
import Reports
import SeededRandom
import TestSupport
import Testing

@Suite struct AttackCostTests {
  @Test("nearer thresholds cost an attack more, and those below untouched cost nothing") func cost()
    throws
  {
    let architecture = EmbedderArchitecture(
      widths: [4, 6], convolutions: [1, 1], embedding: 8, view: FaceView(resolution: 16))
    var random = SplitMix64(seed: 3)
    let embedder = FaceEmbedder(architecture, architecture.initialParameters(using: &random))
    let data = try IdentityDataset(sources: ["synthetic:24x3:4"])
    var told: [Int] = []
    let cost = try AttackCost(data, embedder: embedder, pairs: 6) { done, total in
      told += [done, total]
    }
    #expect(told == [6, 6])
    #expect(cost.people == 24 && cost.pictures == 72 && cost.pairs == 6)
    #expect(
      cost.points.map(\.name) == [
        "fmr-1e-2", "99 % of genuine pairs", "cosine 0.5", "cosine 0.7",
      ])
    for point in cost.points {
      #expect(point.succeeded >= point.untouched)
      if point.untouched == 1 { #expect(point.quartiles == [0, 0, 0]) }
      let found = point.quartiles.compactMap { $0 }
      #expect(found == found.sorted() && found.allSatisfy { $0 >= 0 })
    }
    // The lower of two thresholds is never the cheaper one.
    let ordered = cost.points.sorted { $0.threshold > $1.threshold }
    for (high, low) in zip(ordered, ordered.dropFirst()) {
      #expect((high.median ?? .infinity) <= (low.median ?? .infinity))
    }
    #expect(try WellFormed.elements(of: cost.page(facts: []).html)["table"] == 2)
  }
}
