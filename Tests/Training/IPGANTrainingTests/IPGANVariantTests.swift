import Checkpoints
import Embedders
import Foundation
import JSON
import NeuralNetworks
import SeededRandom
import Tensors
import TestSupport
import Testing
import Training

@testable import IPGANTraining
@testable import Reconstruction

/// Parts of the training that the paper does not have.
@Suite struct IPGANVariantTests {
  /// An embedder of 16×16 pictures whose f_I is a map of 4×4 places.
  static let embedder: FaceEmbedder = {
    var architecture = EmbedderArchitecture.tiny
    architecture.head = .map
    var random = SplitMix64(seed: 4)
    return FaceEmbedder(architecture, architecture.initialParameters(using: &random))
  }()

  /// All of it together.
  static func training() -> IPGANTraining {
    var training = IPGANTrainerTests.training()
    (training.architecture.identity, training.architecture.identitySide) = (256, 4)
    (training.architecture.start, training.architecture.discriminator) = (.overlapping, .patches)
    training.architecture.enlargement = .smooth
    training.architecture.generatorConvolutions = [1, 2]
    training.architecture.discriminatorWidths = [8]
    (training.changesBeforeIdentity, training.mapShare) = (true, 0.5)
    (training.adversarialStrength, training.discriminatorLoss) = (0.3, .hinge)
    (training.divergenceFloor, training.identityBlur) = (0.05, 1.2)
    return training
  }

  static func advance(_ trainer: inout IPGANTrainer, to steps: Int) -> IPGANTrainer.Report? {
    IPGANTrainerTests.advance(&trainer, to: steps)
  }

  @Test("reconstructions come nearer to their pictures with all of it") func learns() throws {
    var trainer = IPGANTrainer(Self.training(), embedder: Self.embedder)
    let first = try #require(Self.advance(&trainer, to: 1))
    let last = try #require(Self.advance(&trainer, to: 151))
    #expect(last.reconstruction < 0.5 * first.reconstruction)
  }

  @Test("a state that went through a file continues bit for bit") func resumes() throws {
    var through = IPGANTrainer(Self.training(), embedder: Self.embedder)
    _ = Self.advance(&through, to: 3)
    let file = try SafeTensorsFile(bytes: through.checkpoint().bytes())
    var resumed = try IPGANTrainer(checkpoint: file, path: "memory", embedder: Self.embedder)
    _ = Self.advance(&through, to: 6)
    _ = Self.advance(&resumed, to: 6)
    #expect(try resumed.checkpoint().bytes() == through.checkpoint().bytes())
  }

  @Test("the changes before L_GC and G's part in the game reach G alone") func ownLosses() {
    func after(_ change: (inout IPGANTraining) -> Void) -> IPGANTrainer {
      var training = Self.training()
      change(&training)
      var trainer = IPGANTrainer(training, embedder: Self.embedder)
      _ = Self.advance(&trainer, to: 1)
      return trainer
    }
    let plain = after { _ in }
    for other in [
      after { $0.changesBeforeIdentity = false }, after { $0.adversarialStrength = 2 },
      after { $0.identityBlur = nil },
    ] {
      #expect(other.encoder == plain.encoder && other.discriminator == plain.discriminator)
      #expect(other.generator != plain.generator)
    }
    // Without L_GD there is still a D to play against.
    #expect(after { $0.realismStrength = 0 }.discriminator == plain.discriminator)
  }

  @Test("a witness beside f_C has its say in G alone, goes through a file, and cannot be left out")
  func witness() throws {
    var architecture = EmbedderArchitecture.tiny
    architecture.head = .map
    var random = SplitMix64(seed: 9)
    let witness = FaceEmbedder(architecture, architecture.initialParameters(using: &random))
    var training = Self.training()
    var plain = IPGANTrainer(training, embedder: Self.embedder)
    training.witnessShare = 1
    var watched = IPGANTrainer(training, embedder: Self.embedder, witness: witness)
    _ = Self.advance(&plain, to: 1)
    _ = Self.advance(&watched, to: 1)
    #expect(watched.encoder == plain.encoder && watched.discriminator == plain.discriminator)
    #expect(watched.generator != plain.generator)
    let file = try SafeTensorsFile(bytes: watched.checkpoint().bytes())
    var resumed = try IPGANTrainer(
      checkpoint: file, path: "memory", embedder: Self.embedder, witness: witness)
    _ = Self.advance(&watched, to: 3)
    _ = Self.advance(&resumed, to: 3)
    #expect(try resumed.checkpoint().bytes() == watched.checkpoint().bytes())
    #expect(throws: TrainingStateError.self) {
      try IPGANTrainer(checkpoint: file, path: "memory", embedder: Self.embedder)
    }
  }

  @Test("weights of D keep the spectral norm 1 that a plain iteration finds") func spectralNorms() {
    var trainer = IPGANTrainer(Self.training(), embedder: Self.embedder)
    _ = Self.advance(&trainer, to: 20)
    for name in trainer.discriminator.names where name.hasSuffix(".weight") {
      let norm = Self.largestSingularValue(trainer.discriminator[name] ?? Tensor(zeros: [1, 1]))
      // One iteration a step follows the weights from a little behind.
      #expect(abs(norm - 1) < 0.05, "\(name): \(norm)")
    }
  }

  private static func largestSingularValue(_ weight: Tensor) -> Double {
    let columns = weight.shape.last ?? 1
    let rows = weight.count / columns
    var v = (0..<columns).map { 1 + Double($0) / Double(columns) }
    var norm = 0.0
    for _ in 0..<500 {
      let u = (0..<rows).map { row in
        (0..<columns).reduce(0.0) { $0 + Double(weight[row * columns + $1]) * v[$1] }
      }
      v = (0..<columns).map { column in
        (0..<rows).reduce(0.0) { $0 + Double(weight[$1 * columns + column]) * u[$1] }
      }
      let length = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
      v = v.map { $0 / length }
      norm = length.squareRoot()
    }
    // ‖WᵀWv‖ at the fixed point is σ², and its root σ.
    return norm
  }

  @Test("G that smooths says the same when its normalisation is part of the weights")
  func folded() {
    var trainer = IPGANTrainer(Self.training(), embedder: Self.embedder)
    _ = Self.advance(&trainer, to: 4)
    let architecture = Self.training().architecture
    var random = SplitMix64(seed: 2)
    let (identity, attributes) = (
      Variable(Tensor.normal([3, architecture.identity], using: &random)),
      Variable(Tensor.normal([3, architecture.latent], using: &random))
    )
    func pictures(_ network: FaceGenerator, _ table: ParameterTable) -> [Float] {
      network(
        identity, attributes, ForwardPass(table, mode: .inference, tracksParameters: false)
      ).value.numbers
    }
    let smooth = FaceGenerator(architecture)
    let open = pictures(smooth, trainer.generator)
    let closed = pictures(smooth, trainer.generator.foldingNormalization())
    #expect(zip(open, closed).allSatisfy { abs($0 - $1) < 1e-4 })
    var other = architecture
    other.enlargement = .nearest
    #expect(pictures(FaceGenerator(other), trainer.generator) != open)
  }

  @Test("a map of 6×6 places begins G at 8×8; one of another size than 4×4 keeps its places")
  func sizes() {
    let shape = EmbedderShape(
      identity: 36 * 8, mapSide: 6, embedding: 4, summary: "", reach: 96)
    let large = IPGANArchitecture(for: shape)
    #expect(large.start == .overlapping && large.firstSide == 8 && large.side == 128)
    #expect(large.isConsistent && large.generatorWidths.count == 5)
    var small = large
    small.start = .places
    #expect(!small.isConsistent)
    var random = SplitMix64(seed: 1)
    let network = FaceGenerator(large)
    let table = network.initialParameters(using: &random)
    let picture = network(
      Variable(Tensor.normal([2, 36 * 8], using: &random)),
      Variable(Tensor.normal([2, large.latent], using: &random)),
      ForwardPass(table.foldingNormalization(), mode: .inference, tracksParameters: false))
    #expect(picture.value.shape == [2, 128, 128, 3])
  }

  @Test("a placed start has f_I where its embedder looked, and says where in JSON") func placed()
    throws
  {
    var shape = EmbedderShape(
      identity: 25 * 8, mapSide: 5, embedding: 4, summary: "", reach: 122,
      view: FaceView(top: 26, left: 16, side: 96))
    let placed = IPGANArchitecture(for: shape, start: .placed)
    #expect(placed.isConsistent && placed.firstSide == 8 && placed.identityView?.top == 26)
    let text = try JSONEncoder().encode(placed)
    #expect(try JSONDecoder().decode(IPGANArchitecture.self, from: text) == placed)
    var without = placed
    without.identityView = nil
    #expect(!without.isConsistent)
    shape.view = FaceView()
    #expect(IPGANArchitecture(for: shape).identityView == nil)

    // Of a face's rows the first ones lie above what was looked at: f_I changes nothing there.
    var random = SplitMix64(seed: 1)
    let network = FaceGenerator(placed)
    let pass = ForwardPass(
      network.initialParameters(using: &random).foldingNormalization(), mode: .inference,
      tracksParameters: false)
    let z = Variable(Tensor(zeros: [1, placed.latent]))
    var map = Tensor(zeros: [1, 25 * 8]).numbers
    let before = network(Variable(Tensor(map, shape: [1, 200])), z, pass).value.numbers
    for place in 20..<25 { for channel in 0..<8 { map[place * 8 + channel] = 3 } }
    let after = network(Variable(Tensor(map, shape: [1, 200])), z, pass).value.numbers
    let changed = (0..<128).filter { row in
      (row * 384..<(row + 1) * 384).contains { before[$0] != after[$0] }
    }
    // The last row of places lies in rows 102 to 121; windows of 8×8 places and what follows carry it upwards.
    #expect(changed.last == 127 && (changed.first ?? 0) > 26, "\(changed.first ?? -1)")
  }

  @Test(
    "convolutions after doublings are layers of G; another number of them than of doublings is none"
  )
  func convolutions() {
    var architecture = Self.training().architecture
    var random = SplitMix64(seed: 1)
    let names = FaceGenerator(architecture).initialParameters(using: &random).names
    #expect(names.contains("block2.conv2.weight") && !names.contains("block1.conv2.weight"))
    for bad in [[1], [1, 2, 1], [0, 1], [1, 9]] {
      architecture.generatorConvolutions = bad
      #expect(!architecture.isConsistent, "\(bad)")
    }
  }

  @Test("an architecture from before there was a choice is one of places and DCGAN's D") func old()
    throws
  {
    let fields: [String: JSONValue] = [
      "identity": .number(6144), "identitySide": .number(4), "latent": .number(64),
      "attributeWidths": .array([16, 32, 64, 128, 256].map(JSONValue.number)),
      "generatorWidths": .array([256, 256, 128, 64, 32, 16].map(JSONValue.number)),
      "discriminatorWidths": .array([24, 48, 96, 192, 256].map(JSONValue.number)),
    ]
    let architecture: IPGANArchitecture = try fields.decoded()
    #expect(architecture.start == .places && architecture.discriminator == .dcgan)
    #expect((1...5).allSatisfy { architecture.convolutions(afterDoubling: $0) == 1 })
    #expect(architecture.isConsistent && architecture.side == 128)
  }
}
