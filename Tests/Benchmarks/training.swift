import FaceVerification
import NeuralNetworks
import SeededRandom
import Tensors

func benchmarkTraining() {
  for (widths, convolutions) in [
    ([16, 48, 96, 192, 384], [1, 2, 2, 3, 2]), ([16, 48, 96, 192, 384], [2, 2, 2, 2, 2]),
    ([16, 32, 64, 128, 256], [2, 2, 2, 2, 2]), ([24, 48, 96, 192, 384], [1, 2, 2, 3, 2]),
    ([32, 64, 128, 256, 256], [1, 2, 2, 2, 2]),
  ] {
    var training = EmbedderTraining()
    training.architecture = EmbedderArchitecture(widths: widths, convolutions: convolutions)
    training.batch = 32
    var trainer = EmbedderTrainer(training, people: 6000)
    var g = SplitMix64(seed: 1)
    let x = Tensor.normal([32, 128, 128, 3], using: &g)
    let t = seconds { _ = trainer.step(pictures: x, labels: Array(0..<32), of: 1000) }
    let e = FaceEmbedder(training.architecture, trainer.embedder)
    let f = seconds { _ = e.unitEmbeddings(of: Variable(x)) }
    let one = x.entries(0..<1)
    let f1 = seconds { _ = e.unitEmbeddings(of: Variable(one)) }
    let b = seconds {
      let v = Variable(tracked: one)
      _ = gradients(of: e.unitEmbeddings(of: v).sum(), withRespectTo: [v])
    }
    let b16 = seconds {
      let v = Variable(tracked: x)
      _ = gradients(of: e.unitEmbeddings(of: v).sum(), withRespectTo: [v])
    }
    print(
      widths, "train", 32 / t, "images/s; forward", 32 / f, "images/s; one", f1 * 1e3,
      "ms; gradient", b * 1e3, "ms; gradient batch 32", b16 / 32 * 1e3, "ms/image")
  }
}
