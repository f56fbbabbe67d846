import EmbedderTraining
import Embedders
import IPGANTraining
import NeuralNetworks
import Reconstruction
import SeededRandom
import Tensors

/// Whole steps of the two trainings, optimisers included.
enum TrainingCases {
  /// Every training case.
  static var all: [BenchmarkCase] {
    [
      embedder("embedder", NetworkCases.embedder, batch: 16),
      embedder("embedder-residual", NetworkCases.residual, batch: 64),
      embedder("embedder-residual", NetworkCases.residual, batch: 128),
      algorithm1(batch: 16),
      algorithm1Placed(batch: 16),
    ]
  }

  /// People of the training set, and so rows of the classifier.
  private static let people = 5965
  /// The length of the training that the schedules are told of.
  private static let total = 1000

  private static func embedder(
    _ name: String, _ architecture: EmbedderArchitecture, batch: Int
  ) -> BenchmarkCase {
    var training = EmbedderTraining()
    training.architecture = architecture
    training.batch = batch
    // The margin is there from the second step, as it is through most of a training.
    (training.softmaxShare, training.marginWarmup) = (0, 0)
    let settings = training
    return BenchmarkCase(
      name: "step/\(name)/b\(batch)",
      description: NetworkCases.described("embedder-step", settings), work: .pictures(batch)
    ) {
      var random = SplitMix64(seed: 1)
      let pictures = NetworkCases.pictures(
        batch, side: architecture.view.side, using: &random)
      let labels = (0..<batch).map { $0 / 2 * 93 }
      var trainer = EmbedderTrainer(settings, people: people)
      var inputs = trainer.embedder
      for name in trainer.classifier.names { inputs[name] = trainer.classifier[name] }
      inputs["x"] = pictures
      inputs["labels"] = Tensor(labels.map(Float.init), shape: [batch])
      return PreparedCase(
        inputs: inputs,
        run: {
          let report = trainer.step(pictures: pictures, labels: labels, of: total)
          return ParameterTable([
            ("losses", Tensor([report.loss, report.pairLoss], shape: [2])),
            ("rate", Tensor([report.learningRate], shape: [1])),
          ])
        }, checkedRuns: 2)
    }
  }

  /// One reconstruction and one transformation step of Algorithm 1.
  private static func algorithm1(batch: Int) -> BenchmarkCase {
    var training = IPGANTraining(NetworkCases.ipgan)
    (training.batch, training.realismStart) = (batch, 0)
    let settings = training
    var description = NetworkCases.described("algorithm1", settings)
    let frozen = NetworkCases.described("embedder", NetworkCases.embedder)
    description["embedder"] = frozen["settings"]
    return BenchmarkCase(
      name: "step/algorithm1/b\(batch)", description: description, work: .pictures(2 * batch)
    ) {
      var random = SplitMix64(seed: 1)
      let weights = NetworkCases.embedder.initialParameters(using: &random).settled(using: &random)
      let embedder = FaceEmbedder(NetworkCases.embedder, weights)
      let subjects = NetworkCases.pictures(batch, using: &random)
      let attributes = NetworkCases.pictures(batch, using: &random)
      var trainer = IPGANTrainer(settings, embedder: embedder)
      var inputs = ParameterTable([("subjects", subjects), ("attributes", attributes)])
      for (prefix, table) in [
        ("embedder/", embedder.parameters), ("encoder/", trainer.encoder),
        ("generator/", trainer.generator), ("discriminator/", trainer.discriminator),
      ] {
        for name in table.names { inputs[prefix + name] = table[name] }
      }
      for step in 0..<2 {
        // The trainer's own noise, so that the other side computes the same.
        var noise = SplitMix64(seed: settings.seed).derived(from: "noise", step)
        inputs["noise\(step)"] = Tensor.normal(
          [batch, settings.architecture.latent], using: &noise)
      }
      return PreparedCase(inputs: inputs) {
        let reports = [nil, attributes].map {
          trainer.step(subjects: subjects, attributes: $0, of: 1_000_000)
        }
        return ParameterTable([("losses", Tensor(reports.flatMap(losses), shape: [2, 5]))])
      }
    }
  }

  /// The same with all that the reconstruction of the next set is trained with: G from places of an
  /// embedder that sees part of the face, D of patches.
  private static func algorithm1Placed(batch: Int) -> BenchmarkCase {
    BenchmarkCase(
      name: "step/algorithm1-placed/b\(batch)", description: [:], work: .pictures(2 * batch)
    ) {
      var random = SplitMix64(seed: 1)
      var architecture = NetworkCases.residual
      architecture.view = FaceView(top: 26, left: 16, side: 96, resolution: 80)
      let embedder = FaceEmbedder(
        architecture,
        architecture.initialParameters(using: &random).settled(using: &random))
      var shapes = IPGANArchitecture(for: architecture.shape, latent: 256, start: .placed)
      (shapes.discriminator, shapes.enlargement) = (.patches, .smooth)
      shapes.generatorWidths = [256, 128, 64, 48, 24]
      shapes.generatorConvolutions = [2, 2, 2, 2]
      shapes.discriminatorWidths = [32, 64, 128, 256]
      var training = IPGANTraining(shapes)
      (training.batch, training.realismStart) = (batch, 0)
      (training.identityStrength, training.mapShare) = (3, 0.5)
      (training.changesBeforeIdentity, training.identityBlur) = (true, 1)
      (training.discriminatorLoss, training.discriminatorPace) = (.hinge, 1)
      training.adversarialStrength = 0.3
      var trainer = IPGANTrainer(training, embedder: embedder)
      let subjects = NetworkCases.pictures(batch, using: &random)
      let attributes = NetworkCases.pictures(batch, using: &random)
      return PreparedCase(inputs: ParameterTable()) {
        let reports = [nil, attributes].map {
          trainer.step(subjects: subjects, attributes: $0, of: 1_000_000)
        }
        return ParameterTable([("losses", Tensor(reports.flatMap(losses), shape: [2, 5]))])
      }
    }
  }

  private static func losses(_ report: IPGANTrainer.Report) -> [Float] {
    [
      report.reconstruction, report.divergence, report.identity, report.realism,
      report.discriminator,
    ]
  }
}
