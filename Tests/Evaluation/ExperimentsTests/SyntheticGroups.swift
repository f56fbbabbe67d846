import Embedders
import Experiments
import NeuralNetworks
import Reconstruction
import SeededRandom
import Tensors
import TestSupport

extension LabelledFaces {
  /// Patterned pictures of people who do not exist, of the tiny networks' size.
  static func synthetic(_ group: String, people: Int, pictures: Int) -> LabelledFaces {
    LabelledFaces(
      group,
      people: (0..<people).flatMap { Array(repeating: "p\($0)", count: pictures) }
    ) { places in
      places.map {
        SyntheticPeople.picture(person: $0 / pictures, variant: $0 % pictures, side: 16)
      }
    }
  }
}

extension FaceReconstructor {
  /// Networks that learnt, by the plain loss (5) alone, to rebuild pictures of ten such people.
  static func trained(steps: Int, embedder: FaceEmbedder) -> FaceReconstructor {
    let (A, G) = (AttributeEncoder(.tiny), FaceGenerator(.tiny))
    var random = SplitMix64(seed: 4)
    var encoder = A.initialParameters(using: &random)
    var generator = G.initialParameters(using: &random)
    var (encoderRule, generatorRule) = (Adam(), Adam())
    for step in 0..<steps {
      let x = Variable(SyntheticPeople.batch(step: step, size: 8, people: 10, side: 16).0)
      let passA = ForwardPass(encoder, mode: .training, tracksParameters: true)
      let passG = ForwardPass(generator, mode: .training, tracksParameters: true)
      let rebuilt = G(embedder.features(of: x).identity, A(x, passA).mean, passG)
      let gradients = gradients(
        of: rebuilt.halfSquaredDistance(to: x), withRespectTo: passA.parameters + passG.parameters)
      let count = passA.parameters.count
      encoderRule.step(
        &encoder, gradients: Array(gradients.prefix(count)), learningRate: 2e-3)
      generatorRule.step(
        &generator, gradients: Array(gradients.dropFirst(count)), learningRate: 2e-3)
      encoder.update(runningStatistics: passA.statistics)
      generator.update(runningStatistics: passG.statistics)
    }
    return FaceReconstructor(.tiny, encoder: encoder, generator: generator, embedder: embedder)
  }
}
