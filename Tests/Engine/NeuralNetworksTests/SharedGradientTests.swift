import KernelSupport
import NeuralNetworks
import SeededRandom
import Tensors
import Testing

/// Gradients are changed in their own memory on the way back; what two places need must not be.
@Suite struct SharedGradientTests {
  private static let signs = Tensor([-2, -1, 1, 2], shape: [1, 1, 1, 4])

  @Test("a gradient that two parents get is another one for each") func shared() {
    let x = Variable(tracked: Self.signs)
    let sum = x.rectified(slope: 0.25) + x
    #expect(gradients(of: sum.sum(), withRespectTo: [x])[0].numbers == [1.25, 1.25, 2, 2])
    let other = x + x.rectified(slope: 0.25)
    #expect(gradients(of: other.sum(), withRespectTo: [x])[0].numbers == [1.25, 1.25, 2, 2])
  }

  @Test("a gradient that is asked for stays as it was when it was carried on") func asked() {
    let x = Variable(tracked: Self.signs)
    let inner = x.rectified(slope: 0.5)
    let outer = inner.scaledShifted(
      scale: [3, 3, 3, 3], shift: [0, 0, 0, 0], slope: 0.5)
    let found = gradients(of: outer.sum(), withRespectTo: [outer, inner, x])
    #expect(found[0].numbers == [1, 1, 1, 1])
    #expect(found[1].numbers == [1.5, 1.5, 3, 3])
    #expect(found[2].numbers == [0.75, 0.75, 3, 3])
  }

  @Test("a seed is the caller's") func seed() {
    let x = Variable(tracked: Self.signs)
    let seed = Tensor([4, 4, 4, 4], shape: [1, 1, 1, 4])
    let found = gradients(of: x.rectified(slope: 0.5), withRespectTo: [x], seed: seed)
    #expect(found[0].numbers == [2, 2, 4, 4])
    #expect(seed.numbers == [4, 4, 4, 4])
  }

  @Test("numbers are replaced in their own memory unless they are shared") func replaced() {
    var (alone, shared) = (Self.signs * 1, Self.signs * 1)
    let copy = shared
    func double(_ old: Source, _ new: Destination) -> Bool {
      for i in 0..<4 { new[i] = 2 * old[i] }
      return old == Source(new)
    }
    var isInPlace = false
    alone.replace { isInPlace = double($0, $1) }
    #expect(isInPlace && alone.numbers == [-4, -2, 2, 4])
    shared.replace { isInPlace = double($0, $1) }
    #expect(!isInPlace && shared.numbers == [-4, -2, 2, 4] && copy.numbers == [-2, -1, 1, 2])
  }

  @Test("pooling carries the same back with statistics to correct and without")
  func pooledGradient() {
    var random = SplitMix64(seed: 4)
    for channels in [16, 40, 3] {
      let x = Variable(tracked: Tensor.normal([2, 6, 4, channels], using: &random))
      let (scale, shift) = (
        (0..<channels).map { _ in Float(random.uniform(in: -1...1)) },
        (0..<channels).map { _ in Float(random.uniform(in: -1...1)) }
      )
      let dy = Tensor.normal([2, 3, 2, channels], using: &random)
      let fused = x.scaledShifted(scale: scale, shift: shift, slope: 0.2, isPooled: true)
      let apart = x.scaledShifted(scale: scale, shift: shift, slope: 0.2).maxPooled()
      #expect(fused.value == apart.value)
      let expected = gradients(of: apart, withRespectTo: [x], seed: dy)[0].numbers
      #expect(gradients(of: fused, withRespectTo: [x], seed: dy)[0].numbers == expected)
    }
  }

  @Test("a network that gives no verdict is computed in tiles in any pass") func tiles() {
    var random = SplitMix64(seed: 5)
    let block = { (fitsTiles: Bool) in
      ConvBlock(
        "block", .halving, from: 16, to: 24, isNormalized: false, slope: 0.2, fitsTiles: fitsTiles)
    }
    var table = ParameterTable()
    table["block.weight"] = Tensor.normal([4, 4, 16, 24], deviation: 0.1, using: &random)
    table["block.bias"] = Tensor.normal([24], using: &random)
    let x = Variable(Tensor.normal([16, 16, 16, 16], using: &random))
    let results = [false, true].map { fits in
      let pass = ForwardPass(table, mode: .inference, tracksParameters: false)
      return block(fits)(x, pass).value
    }
    let training = block(false)(
      x, ForwardPass(table, mode: .training, tracksParameters: false)
    ).value
    #expect(results[1] == training && results[1] != results[0])
    #expect(zip(results[0].numbers, results[1].numbers).allSatisfy { abs($0 - $1) < 1e-4 })
  }
}
