private import Glibc
internal import NeuralNetworks
private import SeededRandom
internal import Tensors

extension EmbedderTrainer {
  /// The strongest perturbation of the next step, root mean square in grey levels: it grows from zero to
  /// the training's over the share of steps that its settings name.
  func hardening(of total: Int) -> Float {
    let progress = Float(steps) / Float(max(1, total))
    return training.hardening * min(1, progress / max(1e-6, training.hardeningWarmup))
  }

  /// A batch in which every second picture is perturbed so that the loss grows: adversarial training
  /// from a random start.
  ///
  /// x₀ = x + ε n/4 for normal noise n of unit root mean square, and x_{i+1} = x_i + a · ∇/‖∇‖ for the
  /// gradient ∇ of the loss at x_i brought to the same; what is further from x than ε is drawn back to
  /// it. ε is drawn evenly up to `strength`; a is ε for one step, which then is not drawn back, and
  /// 2 ε / steps for several. Colours stay in −1…1.
  ///
  /// Reference: Madry et al., "Towards deep learning models resistant to adversarial attacks", 2018; with
  /// one step: Wong et al., "Fast is better than free", 2020.
  ///
  /// - `strength`: root mean square in grey levels.
  /// - `loss`: of the batch, as a function of its pictures.
  func hardened(_ pictures: Tensor, strength: Float, loss: (Variable) -> Variable) -> Tensor {
    let batch = pictures.shape[0]
    let size = pictures.count / max(1, batch)
    var random = SplitMix64(seed: training.seed).derived(from: "hardening", steps)
    let clean = pictures.numbers
    var numbers = clean
    var strengths: [(picture: Int, strength: Float)] = []
    for picture in stride(from: 1, to: batch, by: 2) {
      let own = random.uniform() * strength / 127.5
      strengths.append((picture, own))
      for i in picture * size..<(picture + 1) * size {
        numbers[i] = min(1, max(-1, numbers[i] + 0.25 * own * random.normal()))
      }
    }
    let count = max(1, training.hardeningSteps)
    for _ in 0..<count {
      let start = Variable(tracked: Tensor(numbers, shape: pictures.shape))
      let slope = gradients(of: loss(start), withRespectTo: [start])[0].numbers
      for (picture, strength) in strengths {
        let own = picture * size..<(picture + 1) * size
        let rms = rootMeanSquare(slope[own])
        guard rms > 0, rms.isFinite else { continue }
        let length = count == 1 ? strength : 2 * strength / Float(count)
        for i in own { numbers[i] += length / rms * slope[i] }
        if count > 1 {
          let away = rootMeanSquare(own.lazy.map { numbers[$0] - clean[$0] })
          let factor = away > strength ? strength / away : 1
          for i in own { numbers[i] = clean[i] + factor * (numbers[i] - clean[i]) }
        }
        for i in own { numbers[i] = min(1, max(-1, numbers[i])) }
      }
    }
    return Tensor(numbers, shape: pictures.shape)
  }
}

private func rootMeanSquare(_ numbers: some Collection<Float>) -> Float {
  let sum = numbers.reduce(0.0) { $0 + Double($1) * Double($1) }
  return Float((sum / Double(max(1, numbers.count))).squareRoot())
}
