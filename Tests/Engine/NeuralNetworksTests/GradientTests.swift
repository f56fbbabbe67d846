import Foundation
import KernelSupport
import NeuralNetworks
import SeededRandom
import Tensors
import Testing

@Suite struct GradientTests {
  @Test("3×3 convolution", arguments: [(1, 5, 7, 3, 2), (2, 4, 4, 5, 3), (1, 3, 2, 1, 1)])
  func convolution(n: Int, h: Int, w: Int, ci: Int, co: Int) {
    // Winograd's sums of large terms need the larger tolerance.
    expectGradientsMatch(
      at: [tensor([n, h, w, ci]), tensor([3, 3, ci, co], seed: 2), tensor([co], seed: 3)],
      tolerance: 2e-3
    ) { $0[0].convolved3x3($0[1], bias: $0[2], tile: .two) }
  }

  @Test("4×4 convolution of stride 2", arguments: [(1, 4, 6, 3, 2), (2, 2, 2, 1, 3)])
  func stridedConvolution(n: Int, h: Int, w: Int, ci: Int, co: Int) {
    expectGradientsMatch(at: [tensor([n, h, w, ci]), tensor([4, 4, ci, co], seed: 2)]) {
      $0[0].convolved4x4Stride2($0[1])
    }
  }

  @Test("batch normalisation with activation", arguments: [1, 0.2] as [Float])
  func batchNormalization(slope: Float) {
    expectGradientsMatch(
      at: [tensor([2, 3, 3, 5]), tensor([5], seed: 2, gap: 0.5), tensor([5], seed: 3)],
      step: 1e-3, tolerance: 8e-3
    ) { $0[0].batchNormalized(gamma: $0[1], beta: $0[2], slope: slope).0 }
  }

  @Test("scale and shift with fixed factors") func scaledShifted() {
    expectGradientsMatch(at: [tensor([2, 2, 2, 3], gap: 0.1)]) {
      $0[0].scaledShifted(scale: [0.5, -2, 1], shift: [0, 0, 0], slope: 0.2)
    }
  }

  @Test("dense layer and products of rows") func dense() {
    expectGradientsMatch(at: [tensor([3, 7]), tensor([7, 5], seed: 2), tensor([5], seed: 3)]) {
      $0[0].dense($0[1], bias: $0[2])
    }
    // With fixed weights the gradient takes another way.
    let (weight, bias) = (Variable(tensor([7, 5], seed: 2)), Variable(tensor([5], seed: 3)))
    expectGradientsMatch(at: [tensor([3, 7])]) { $0[0].dense(weight, bias: bias) }
    expectGradientsMatch(at: [tensor([3, 7]), tensor([4, 7], seed: 2)]) {
      $0[0].products(with: $0[1])
    }
  }

  @Test("unit rows") func unitRows() {
    expectGradientsMatch(at: [tensor([3, 6])], step: 3e-3) { $0[0].unitRows() }
  }

  @Test("activations") func activations() {
    expectGradientsMatch(at: [tensor([2, 9], gap: 0.05)]) { $0[0].rectified(slope: 0.2) }
    expectGradientsMatch(at: [tensor([2, 9], gap: 0.05)]) { $0[0].rectified() }
    expectGradientsMatch(at: [tensor([2, 9])], step: 3e-3) { $0[0].hyperbolicTangent() }
    expectGradientsMatch(at: [tensor([2, 9])], step: 3e-3) { $0[0].exponential() }
  }

  @Test("pooling and up-sampling", arguments: [(4, 6, 3), (5, 3, 17)])
  func pooling(h: Int, w: Int, c: Int) {
    // Distinct numbers, so that no step changes which one is largest.
    var generator = SplitMix64(seed: 4)
    let places = generator.shuffled(Array(0..<2 * h * w * c))
    let x = Tensor(places.map { Float($0) * 0.05 }, shape: [2, h, w, c])
    expectGradientsMatch(at: [x]) { $0[0].maxPooled() }
    expectGradientsMatch(at: [tensor([2, h, w, c])]) { $0[0].globallyAveraged() }
    expectGradientsMatch(at: [tensor([2, h, w, c])]) { $0[0].upsampled() }
  }

  @Test(
    "normalisation with pooling is normalisation and then pooling",
    arguments: [(4, 6, 3), (5, 3, 17), (2, 2, 33)], [0, 0.2, 1] as [Float])
  func pooledNormalisation(size: (h: Int, w: Int, c: Int), slope: Float) {
    let (h, w, c) = size
    let parameters = [tensor([2, h, w, c]), tensor([c], seed: 2), tensor([c], seed: 3)]
    func run(_ isPooled: Bool, fixed: Bool) -> (value: Tensor, gradients: [Tensor]) {
      let v = parameters.map { Variable(tracked: $0) }
      var y =
        fixed
        ? v[0].scaledShifted(
          scale: parameters[1].numbers, shift: parameters[2].numbers, slope: slope,
          isPooled: isPooled)
        : v[0].batchNormalized(gamma: v[1], beta: v[2], slope: slope, isPooled: isPooled).0
      if !isPooled { y = y.maxPooled() }
      let weights = Variable(tensor(y.value.shape, seed: 4))
      return (y.value, gradients(of: (y * weights).sum(), withRespectTo: v))
    }
    for fixed in [false, true] {
      let (fused, plain) = (run(true, fixed: fixed), run(false, fixed: fixed))
      #expect(fused.value == plain.value)
      for (a, b) in zip(fused.gradients, plain.gradients) {
        let difference = a - b
        #expect(difference.dot(difference) <= 1e-10 * (1 + b.dot(b)))
      }
    }
  }

  @Test("arithmetic, columns and biases") func arithmetic() {
    let pair = [tensor([3, 4]), tensor([3, 4], seed: 2)]
    expectGradientsMatch(at: pair) { $0[0] * $0[1] + $0[0] - $0[1] * 0.5 }
    expectGradientsMatch(at: pair) { $0[0].joined(columnsOf: $0[1]).columns(2..<7) }
    expectGradientsMatch(at: [tensor([2, 2, 2, 3]), tensor([3])]) { $0[0].biased($0[1]) }
    expectGradientsMatch(at: pair) { ($0[0] * $0[1]).reshaped([2, 6]).sum() }
  }

  @Test("batches as one, and parts of it") func batches() {
    let batches = [tensor([2, 2, 3]), tensor([1, 2, 3], seed: 2), tensor([3, 2, 3], seed: 3)]
    expectGradientsMatch(at: batches) {
      let joined = Variable(joining: [$0[0], $0[1], $0[2], $0[0]])
      return (joined * joined).entries(1..<7)
    }
    let joined = Variable(joining: batches.map { Variable($0) })
    #expect(joined.value.shape == [6, 2, 3])
    #expect(joined.entries(2..<3).value == batches[1])
    #expect(joined.entries(3..<6).value == batches[2])
  }

  @Test("losses") func losses() {
    let pair = [tensor([3, 4]), tensor([3, 4], seed: 2)]
    expectGradientsMatch(at: pair) { $0[0].halfSquaredDistance(to: $0[1]) }
    expectGradientsMatch(at: pair) { $0[0].squaredRowDistances(to: $0[1]) }
    expectGradientsMatch(at: pair, step: 3e-3) { $0[0].divergenceFromNormal(logVariance: $0[1]) }
    // Of numbers below the floor nothing is asked, the others' gradients stay.
    let (mean, log) = (Variable(tracked: pair[0]), Variable(tracked: pair[1]))
    let whole = gradients(
      of: mean.divergenceFromNormal(logVariance: log), withRespectTo: [mean, log])
    let floored = gradients(
      of: mean.divergenceFromNormal(logVariance: log, floor: 0.3), withRespectTo: [mean, log])
    var silent = 0
    for column in 0..<4 {
      let terms = (0..<3).map { row in
        let (m, l) = (pair[0][row * 4 + column], pair[1][row * 4 + column])
        return 0.5 * (m * m + Foundation.exp(l) - l - 1)
      }
      let isSilent = terms.reduce(0, +) <= 0.9
      silent += isSilent ? 1 : 0
      for row in 0..<3 {
        for side in 0..<2 {
          #expect(
            floored[side][row * 4 + column] == (isSilent ? 0 : whole[side][row * 4 + column]))
        }
      }
    }
    #expect((1...3).contains(silent))
    expectGradientsMatch(at: [tensor([3, 4])], step: 3e-3) {
      $0[0].softmaxCrossEntropy(labels: [0, 3, 2], scale: 3, margin: 0.2)
    }
    expectGradientsMatch(at: [tensor([5])], step: 3e-3) { $0[0].logisticLoss(target: 0.9) }
    for isAbove in [true, false] {
      expectGradientsMatch(at: [tensor([5])], step: 3e-3) { $0[0].hingeLoss(isAbove: isAbove) }
    }
  }

  @Test("a value used twice collects both gradients; an unused one gets zeros") func sharing() {
    let (x, y) = (Variable(tracked: tensor([2, 2])), Variable(tracked: tensor([3])))
    let both = gradients(of: (x + x * 2).sum(), withRespectTo: [x, y])
    #expect(both[0].numbers == [3, 3, 3, 3])
    #expect(both[1].numbers == [0, 0, 0])
  }
}
