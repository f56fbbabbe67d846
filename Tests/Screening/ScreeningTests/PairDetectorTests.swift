import Checkpoints
import LinearMachines
import NeuralNetworks
import Screening
import Tensors
import Testing

@Suite struct PairDetectorTests {
  /// Suspicious where f_V's distance is 0.5 larger than f_C's.
  static let detector = PairDetector(
    claim: LinearSVM(weights: [-2, 2], bias: -1), offset: 1.5, slope: 0.5, intercept: 0.25)

  @Test("either check alone makes a pair suspicious, and agreement of the networks takes none away")
  func larger() {
    let agreed = Self.detector.score(logOdds: -3, distance: 0.5, witnessDistance: 0.6)
    let claimed = Self.detector.score(logOdds: -3, distance: 0.3, witnessDistance: 1.9)
    let seen = Self.detector.score(logOdds: 5, distance: 0.5, witnessDistance: 0.6)
    #expect(agreed.probability < 0.5 && claimed.probability > 0.7 && seen.probability > 0.9)
    #expect(claimed.isOfClaim && !seen.isOfClaim)
    #expect(abs(claimed.claim - 2.2) < 1e-6 && abs(seen.pictures - 6.5) < 1e-6)
    let both = Self.detector.score(logOdds: 5, distance: 0.3, witnessDistance: 1.9)
    #expect(both.probability == seen.probability)
  }

  @Test("what is no number stays none, so that nothing passes for it")
  func noNumber() {
    for (logOdds, distance) in [(Double.nan, Float(0.3)), (-3, .nan)] {
      let score = Self.detector.score(
        logOdds: logOdds, distance: distance, witnessDistance: 1)
      #expect(score.probability.isNaN)
    }
  }

  @Test("a file keeps it, and a file of something else is refused") func file() throws {
    let bytes = try Self.detector.file().bytes()
    #expect(try PairDetector(file: SafeTensorsFile(bytes: bytes)) == Self.detector)
    let other = SafeTensorsFile(arrays: try Self.detector.file().arrays, metadata: [:])
    #expect(throws: DetectorError.noSettings) { try PairDetector(file: other) }
  }

  @Test("gradients are those of the check that counts") func gradients() {
    let pictures = Variable(tracked: Tensor([-3, 5], shape: [2]))
    let own = Variable(tracked: Tensor([0.3, 0.5], shape: [2]))
    let seen = Variable(tracked: Tensor([1.9, 0.6], shape: [2]))
    let odds = Self.detector.logOdds(pictures: pictures, distance: own, witnessDistance: seen)
    for (row, (logOdds, distances)) in [(-3.0, (0.3, 1.9)), (5, (0.5, 0.6))].enumerated() {
      let score = Self.detector.score(
        logOdds: logOdds, distance: Float(distances.0), witnessDistance: Float(distances.1))
      let probability = TamperingScore.probability(logOdds: Double(odds.value[row]))
      #expect(abs(probability - score.probability) < 1e-6)
    }
    let slopes = NeuralNetworks.gradients(
      of: odds.sum(), withRespectTo: [pictures, own, seen]
    ).map(\.numbers)
    #expect(slopes == [[0, 0.5], [-1, 0], [1, 0]])
  }
}
