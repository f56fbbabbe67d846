private import Glibc
internal import NeuralNetworks
private import SeededRandom
internal import Tensors

extension EmbedderTrainer {
  /// A batch in which every second picture, one of each pair, is perturbed so that the loss grows:
  /// adversarial training with one step from a random start.
  ///
  /// x′ = x + ε (n/4 + ∇/‖∇‖) for normal noise n of unit root mean square, the gradient ∇ of the loss at
  /// x + ε n/4 brought to the same, and ε drawn evenly up to the strength of the training; colours stay in
  /// −1…1.
  ///
  /// Reference: Madry et al., "Towards deep learning models resistant to adversarial attacks", 2018; with
  /// one step: Wong et al., "Fast is better than free", 2020.
  ///
  /// - `loss`: of the batch, as a function of its pictures.
  func hardened(_ pictures: Tensor, loss: (Variable) -> Variable) -> Tensor {
    let batch = pictures.shape[0]
    let size = pictures.numbers.count / max(1, batch)
    var random = SplitMix64(seed: training.seed).derived(from: "hardening", steps)
    var numbers = pictures.numbers
    var strengths: [Int: Float] = [:]
    for picture in stride(from: 1, to: batch, by: 2) {
      let strength = random.uniform() * training.hardening / 127.5
      strengths[picture] = strength
      for i in picture * size..<(picture + 1) * size {
        numbers[i] = min(1, max(-1, numbers[i] + 0.25 * strength * random.normal()))
      }
    }
    let start = Variable(tracked: Tensor(numbers, shape: pictures.shape))
    let slope = gradients(of: loss(start), withRespectTo: [start])[0].numbers
    for (picture, strength) in strengths {
      let own = picture * size..<(picture + 1) * size
      let square = slope[own].reduce(Double(0)) { $0 + Double($1) * Double($1) }
      let rms = Float((square / Double(size)).squareRoot())
      guard rms > 0, rms.isFinite else { continue }
      for i in own { numbers[i] = min(1, max(-1, numbers[i] + strength / rms * slope[i])) }
    }
    return Tensor(numbers, shape: pictures.shape)
  }
}
