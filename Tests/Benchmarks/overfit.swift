import NeuralNetworks
import FaceVerification
import SeededRandom
import Tensors

func overfit() {
  for (loss, rate) in [(EmbedderTraining.Loss.softmax, Float(0.05)), (.cosface, 0.05), (.cosface, 0.1)] {
    var training = EmbedderTraining()
    training.architecture.widths = [16, 32, 64, 64, 64]
    training.loss = loss
    training.learningRate = rate
    training.margin = 0
    var trainer = EmbedderTrainer(training, people: 100)
    var g = SplitMix64(seed: 1)
    let x = Tensor.normal([32, 128, 128, 3], using: &g)
    for i in 0..<60 {
      let r = trainer.step(pictures: x, labels: Array(0..<32), of: 60)
      if i % 6 == 0 { print(loss, rate, i, r.loss, r.accuracy, r.learningRate) }
    }
  }
}
