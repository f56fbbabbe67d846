import Embedders
import FaceDatasets
import Images
import PictureQuality
import QualityTraining
import SeededRandom
import TestSupport
import Testing

@Suite struct QualityTrainingTests {
  private static let training: QualityTraining = {
    var training = QualityTraining()
    (training.steps, training.conditions) = (400, 4)
    return training
  }()

  private static func face(_ person: Int) -> RGBImage {
    SyntheticPeople.picture(person: person, variant: 0, side: 128)
  }

  private static func examples() throws -> ConditionedEmbeddings {
    try ConditionedEmbeddings(
      24, embedder: .tiny(), training: training, generator: SplitMix64(seed: 2),
      progress: { _, _ in }
    ) { face($0) }
  }

  @Test("the network learns how far conditions move embeddings")
  func learns() throws {
    let examples = try Self.examples()
    #expect(examples.rows.count == 24 * 5)
    let network = IdentityLossNetwork(examples, training: Self.training)
    let mean = examples.losses.reduce(0, +) / Double(examples.losses.count)
    func error(_ predicted: [Double]) -> Double {
      zip(predicted, examples.losses).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let found = error(network.losses(of: examples.rows))
    let constant = error(examples.losses.map { _ in mean })
    #expect(found < 0.6 * constant, "\(found), by the mean alone \(constant)")
  }

  @Test("the same seed gives the same network to the last bit")
  func repeats() throws {
    let first = IdentityLossNetwork(try Self.examples(), training: Self.training)
    let second = IdentityLossNetwork(try Self.examples(), training: Self.training)
    let row = try #require(try Self.examples().rows.first)
    #expect(first.losses(of: [row]) == second.losses(of: [row]))
  }

  /// Measures of a face in fog of a strength.
  private func fog(_ person: Int, _ strength: Float) -> PictureMeasures {
    var generator = SplitMix64(seed: UInt64(person))
    return PictureMeasures(
      ShootingCondition(.fog, strength).applied(to: Self.face(person), using: &generator),
      detector: nil)
  }

  @Test("limits rise until strangers under a condition match as seldom as asked")
  func limits() {
    let untouched = (0..<40).map { PictureMeasures(Self.face($0), detector: nil) }
    // All strangers in thick fog match.
    let foggy = (0..<10).map { fog($0, 0.9) }
    let all = (0..<10).flatMap { i in (i + 1..<10).map { (i, $0) } }
    let model = QualityModel(
      network: IdentityLossNetwork(width: 4), untouched: untouched,
      conditions: [SharedCondition(measures: foggy, matches: all)], rate: 0.02,
      training: Self.training)
    let decided = foggy.filter { model.quality(of: $0).poor == nil }
    #expect(decided.count <= 1, "\(decided.count) of ten in fog are decided on")
    let refused = untouched.count { model.quality(of: $0).poor != nil }
    #expect(refused <= 1, "\(refused) of 40 untouched pictures are refused")
  }

  @Test("where untouched pictures would be refused, too many strangers match, and it ends")
  func hopeless() {
    let untouched = (0..<40).map { PictureMeasures(Self.face($0), detector: nil) }
    let same = Array(untouched.prefix(10))
    let all = (0..<10).flatMap { i in (i + 1..<10).map { (i, $0) } }
    let model = QualityModel(
      network: IdentityLossNetwork(width: 4), untouched: untouched,
      conditions: [SharedCondition(measures: same, matches: all)], rate: 0.02,
      training: Self.training)
    let refused = untouched.count { model.quality(of: $0).poor != nil }
    #expect(Double(refused) <= 40 * Self.training.largestDiscard)
  }
}
