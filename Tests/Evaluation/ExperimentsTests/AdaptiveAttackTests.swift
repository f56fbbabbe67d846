import Attacks
import Embedders
import Experiments
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

@Suite struct AdaptiveAttackTests {
  private static let theta = TinyPairs.theta

  /// A detector of drawn weights that looks at the picture's texture.
  private static func screen() -> TamperingScreen {
    let descriptor = TextureDescriptor(grid: .pixels(width: 7, height: 7))
    var random = SplitMix64(seed: 4)
    let count = FeatureExtractor.count(.picture, descriptor: descriptor, side: 16)
    let detector = AdversarialDetector(
      kind: .paper, descriptor: descriptor,
      parts: [
        .init(
          name: "texture", groups: [.picture], scaler: nil,
          machine: LinearSVM(weights: (0..<count).map { _ in Double(random.normal()) }, bias: 0))
      ],
      fusion: LinearSVM(weights: [4], bias: 0))
    return TamperingScreen(
      FeatureExtractor(
        detector.groups, reconstructor: .tiny(), witness: nil, descriptor: descriptor), detector)
  }

  @Test("what it finds passes both, and more searches never make it larger") func both() {
    let screen = Self.screen()
    let victim = screen.extractor.reconstructor.embedder
    let sources = (0..<3).map { SyntheticPeople.picture(person: $0, variant: 0, side: 16) }
    let targets = (0..<3).map { SyntheticPeople.picture(person: $0 + 10, variant: 0, side: 16) }
    let plain = MinimumNormAttack().attack(
      AttackBatch(sources: sources, targets: targets, seed: 1, victim: DecidingEmbedders(victim)),
      thetas: [Self.theta]
    ).map { $0[0].picture }
    // Half of the plain attacks are refused.
    let scores = screen.examine(plain).map(\.score.probability).sorted()
    let threshold = scores[1]
    func attack(restarts: Int) -> [AttackResult] {
      ComposedAttack(
        NormDecoupledAttack(iterations: 30, restarts: restarts),
        AttackSetup(aim: AttackAim([.init(.screen)]), countsByAim: true)
      ).attack(
        AttackBatch(
          sources: sources, targets: targets, starts: plain, victim: DecidingEmbedders(victim),
          screen: ScreenKnowledge(screen, threshold: threshold)), thetas: [Self.theta]
      ).map { $0[0] }
    }
    let (once, often) = (attack(restarts: 0), attack(restarts: 2))
    var found = 0
    for (index, result) in often.enumerated() {
      if once[index].succeeded {
        #expect(result.succeeded && result.perturbation.l2 <= once[index].perturbation.l2)
      }
      guard result.succeeded else { continue }
      found += 1
      let rows = victim.unitEmbeddings(of: Variable(Tensor([result.picture, targets[index]]))).value
      let distance = squaredDistance(
        rows.entries(0..<1).numbers, rows.entries(1..<2).numbers)
      #expect(distance < Self.theta)
      #expect(screen.examine(result.picture).score.probability < threshold)
    }
    #expect(found >= 2, "\(scores)")
  }
}
