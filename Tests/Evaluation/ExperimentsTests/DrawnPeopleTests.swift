import Attacks
import EmbedderTraining
import Embedders
import IPGANTraining
import Images
import KernelSupport
import Metrics
import NeuralNetworks
import PictureTensors
import Reconstruction
import Screening
import SeededRandom
import SyntheticFaces
import Tensors
import Testing
import Textures

@testable import AttackSets
@testable import DetectorTraining
@testable import Experiments

/// All networks and the detector, trained from nothing on drawn people and asked about others.
@Suite struct DrawnPeopleTests {
  static let side = 32

  /// Drawn people, reduced to 32×32 pixels.
  struct Crowd {
    let images: Int
    let pictures: [RGBImage]

    init(people: Int, images: Int, seed: UInt64) {
      self.images = images
      var drawn = [RGBImage?](repeating: nil, count: people * images)
      drawn.withUnsafeMutableBufferPointer { drawn in
        // Unchecked: each iteration writes its own picture only.
        nonisolated(unsafe) let drawn = drawn
        WorkerPool.shared.forEach(people * images) { index in
          drawn[index] =
            FaceRenderer.alignedFace(
              of: Person(number: index / images, of: seed),
              Appearance(number: index % images, ofPerson: index / images, of: seed)
            ).image.resized(width: side, height: side)
        }
      }
      pictures = drawn.compactMap { $0 }
    }

    var people: Int { pictures.count / images }

    func person(_ index: Int) -> String { "p\(index / images)" }

    /// Two pictures each of some people, neighbours in the batch.
    func batch(_ size: Int, step: Int) -> (pictures: Tensor, labels: [Int]) {
      var random = SplitMix64(seed: 7).derived(from: "batch", step)
      let chosen = (0..<people).shuffled(using: &random).prefix(size / 2)
      let places = chosen.flatMap { person in
        (0..<images).shuffled(using: &random).prefix(2).map { person * images + $0 }
      }
      return (Tensor(places.map { pictures[$0] }), places.map { $0 / images })
    }
  }

  static func embedder(_ crowd: Crowd, widths: [Int], steps: Int, seed: UInt64) -> FaceEmbedder {
    var training = EmbedderTraining()
    training.architecture = EmbedderArchitecture(
      widths: widths, convolutions: widths.map { _ in 1 }, embedding: 32, view: FaceView(side: side)
    )
    (training.batch, training.seed) = (32, seed)
    var trainer = EmbedderTrainer(training, people: crowd.people)
    for step in 0..<steps {
      let (pictures, labels) = crowd.batch(training.batch, step: step)
      _ = trainer.step(pictures: pictures, labels: labels, of: steps)
    }
    return FaceEmbedder(training.architecture, trainer.embedder)
  }

  static func reconstructor(
    _ crowd: Crowd, embedder: FaceEmbedder, steps: Int
  ) -> FaceReconstructor {
    var training = IPGANTraining(
      IPGANArchitecture(
        identity: embedder.shape.identity, identitySide: 4, latent: 16,
        attributeWidths: [16, 16, 32], generatorWidths: [64, 32, 16, 16],
        discriminatorWidths: [16, 16, 16]))
    (training.batch, training.averageDecay, training.realismStart) = (16, 0.9, steps / 2)
    (training.learningRate, training.divergenceWarmup) = (2e-3, steps)
    var trainer = IPGANTrainer(training, embedder: embedder)
    for step in 0..<steps {
      let subjects = crowd.batch(training.batch, step: step).pictures
      let others = crowd.batch(training.batch, step: step + steps).pictures
      _ = trainer.step(subjects: subjects, attributes: step % 2 == 0 ? nil : others, of: steps)
    }
    return FaceReconstructor(
      training.architecture, encoder: trainer.averagedEncoder, generator: trainer.averagedGenerator,
      embedder: embedder)
  }

  /// The first picture of each person, changed to pass for the next one's.
  static func attacks(_ crowd: Crowd, _ embedder: FaceEmbedder) -> [AttackResult] {
    let sources = (0..<crowd.people).map { crowd.pictures[$0 * crowd.images] }
    return MinimumNormAttack().attack(
      AttackBatch(
        sources: sources, targets: Array(sources[1...] + [sources[0]]),
        victim: DecidingEmbedders(embedder)),
      thetas: [0.4]
    ).map { $0[0] }
  }

  /// What the detectors are told of a crowd's pictures and of the attacks made of them.
  static func examples(
    _ crowd: Crowd, _ attacks: [AttackResult], _ extractor: FeatureExtractor
  ) -> DetectionExamples {
    func example(_ index: Int, _ species: Species, _ picture: RGBImage) -> DetectionExamples.Example
    {
      let evidence = extractor.evidence(of: [picture])[0]
      return DetectionExamples.Example(
        pair: AttackPair(id: "\(index)", source: "\(crowd.person(index))/\(index)", target: ""),
        species: species, features: evidence.features, identityGap: evidence.identityGap, rms: 0)
    }
    let untouched = crowd.pictures.enumerated().map { example($0, .bonaFide, $1) }
    let attacked = attacks.enumerated().filter(\.element.succeeded).map {
      example($0 * crowd.images, .attack("minimum-norm", theta: 0.4), $1.picture)
    }
    return DetectionExamples(untouched + attacked)
  }

  @Test("networks trained from nothing verify, rebuild, and find attacks on people they never saw")
  func fromNothing() throws {
    let crowd = Crowd(people: 50, images: 4, seed: 1)
    let strangers = Crowd(people: 24, images: 2, seed: 2)
    let embedder = Self.embedder(crowd, widths: [16, 32, 64], steps: 150, seed: 1)
    let people = strangers.pictures.indices.map(strangers.person)

    let embeddings = LabelledEmbeddings(
      zip(people, strangers.pictures).map { (person: $0, face: $1) }, embedder: embedder)
    let pairs = people.indices.flatMap { first in
      people[..<first].indices.map { (first: first, second: $0) }
    }
    let distances = try LabelledScores(
      scores: pairs.map { embeddings.distance($0.first, $0.second) },
      labels: pairs.map { people[$0.first] == people[$0.second] }, direction: .smallerIsPositive)
    // Measured: 0.859; chance is 0.5.
    #expect(distances.areaUnderCurve > 0.75, "AUC \(distances.areaUnderCurve)")

    let reconstructor = Self.reconstructor(crowd, embedder: embedder, steps: 60)
    let rebuilt = try ReconstructionReport(
      [LabelledFaces("strangers", people: people) { $0.map { strangers.pictures[$0] } }],
      networks: [NamedNetworks("ip_gan", reconstructor)], judges: [], pictureLimit: 100, seed: 1
    ).rows[0]
    // Measured: 20.4 dB beside the mean face's 17.3.
    #expect(
      rebuilt.psnr > rebuilt.meanFacePSNR + 1.5, "\(rebuilt.psnr), not \(rebuilt.meanFacePSNR) dB")

    let attacks = Self.attacks(strangers, embedder)
    #expect(attacks.count { $0.succeeded } > 20)
    let descriptor = TextureDescriptor()
    let extractor = FeatureExtractor(
      Set(FeatureGroup.allCases), reconstructor: reconstructor,
      witness: Self.embedder(crowd, widths: [16, 16, 32], steps: 60, seed: 2),
      descriptor: descriptor)
    let training = try DetectorTraining(
      Self.examples(strangers, attacks, extractor), kind: .full, descriptor: descriptor,
      costs: DetectorFit.Costs(), source: "drawn people")
    // Measured: 0.990; chance is 0.5. Folds share no person.
    #expect(training.balancedAccuracy > 0.85, "\(training.balancedAccuracy)")
  }
}
