import Embedders
import Images
import LinearMachines
import NeuralNetworks
import PictureTensors
import Reconstruction
import Screening
import SeededRandom
import Tensors
import TestSupport
import Testing
import Textures

@Suite struct DetectorGradientTests {
  static let face = SyntheticPeople.picture(person: 1, variant: 2, side: 16)

  static func extractor(_ detector: AdversarialDetector) -> FeatureExtractor {
    FeatureExtractor(
      detector.groups, reconstructor: .tiny(), witness: .tiny(seed: 9),
      descriptor: detector.descriptor)
  }

  @Test("what an attacker descends is what decides", arguments: DetectorKind.allCases)
  func values(_ kind: DetectorKind) {
    let detector = AdversarialDetectorTests.detector(kind)
    let extractor = Self.extractor(detector)
    let faces = [Self.face, SyntheticPeople.picture(person: 2, variant: 1, side: 16)]
    let odds = detector.logOdds(of: Variable(Tensor(faces)), by: extractor).value
    for (index, evidence) in extractor.evidence(of: faces).enumerated() {
      let probability = detector.score(evidence).probability
      #expect(
        abs(TamperingScore.probability(logOdds: Double(odds[index])) - probability) < 1e-3)
    }
  }

  @Test(
    "steps against the gradient lower the log-odds of each kind of evidence",
    arguments: [
      [FeatureGroup.picture], [.reconstruction], [.relation], [.identity], [.consistency],
      [.witness], [.residual],
    ])
  func descends(_ groups: [FeatureGroup]) {
    var random = SplitMix64(seed: 21)
    let descriptor = AdversarialDetectorTests.descriptor
    let count = groups.reduce(0) {
      $0 + FeatureExtractor.count($1, descriptor: descriptor, side: 16)
    }
    let machine = LinearSVM(
      weights: (0..<count).map { _ in Double(random.normal()) }, bias: 0)
    let detector = AdversarialDetector(
      kind: .full, descriptor: descriptor,
      parts: [.init(name: "one", groups: groups, scaler: nil, machine: machine)],
      fusion: LinearSVM(weights: [1], bias: 0))
    let extractor = Self.extractor(detector)
    func odds(_ picture: RGBImage) -> (value: Float, slope: [Float]) {
      let x = Variable(tracked: Tensor([picture]))
      let value = detector.logOdds(of: x, by: extractor)
      return (value.value[0], gradients(of: value.sum(), withRespectTo: [x])[0].numbers)
    }
    var (picture, best) = (Self.face, odds(Self.face).value)
    let start = best
    for _ in 0..<12 {
      let slope = odds(picture).slope
      let norm = slope.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(norm > 0 && norm.isFinite)
      // About two grey levels a value.
      let length = 2 * Float(slope.count).squareRoot()
      let pixels = zip(picture.pixels, slope).map {
        UInt8(min(255, max(0, (Float($0) - length / norm * $1).rounded())))
      }
      picture = RGBImage(width: 16, height: 16, pixels: pixels)
      best = min(best, odds(picture).value)
    }
    #expect(best < start - 0.01 * abs(start))
  }
}
