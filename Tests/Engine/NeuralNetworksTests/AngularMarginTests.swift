import Glibc
import NeuralNetworks
import Tensors
import Testing

@Suite struct AngularMarginTests {
  @Test(
    "the right angle grows by the margin, the others stay", arguments: [0.0, 0.5, 1.5] as [Float])
  func widens(margin: Float) {
    let angles: [Float] = [0.3, 1.2, 2.0, 0.1, 1.5, 2.5]
    let cosines = Variable(Tensor(angles.map { cosf($0) }, shape: [2, 3]))
    let y = cosines.addingAngularMargin(margin, labels: [1, 0]).value
    #expect(abs(y[1] - cosf(1.2 + margin)) < 1e-6)
    #expect(abs(y[3] - cosf(0.1 + margin)) < 1e-6)
    for other in [0, 2, 4, 5] { #expect(y[other] == cosines.value[other]) }
  }

  @Test(
    "the score falls with the angle from 0 to π, also beyond π − m",
    arguments: [0.1, 0.5, 1.5] as [Float])
  func monotone(margin: Float) {
    let cosines = (0...1000).map { cosf(Float($0) / 1000 * .pi) }
    let y = Variable(Tensor(cosines, shape: [1001, 1]))
      .addingAngularMargin(margin, labels: Array(repeating: 0, count: 1001)).value.numbers
    #expect(zip(y, y.dropFirst()).allSatisfy { $0 >= $1 })
    // θ = π: the continuation cos θ − m·sin m.
    #expect(abs((y.last ?? 0) - (-1 - margin * sinf(margin))) < 1e-5)
  }

  @Test("gradients match central differences on both sides of π − m")
  func gradients() {
    // cos(π − 0.5) is −0.878: the last row lies beyond, none within a step of it.
    let x = Tensor([0.6, 0.1, -0.3, 0.2, -0.7, 0.5, 0.4, 0.3, -0.95], shape: [3, 3])
    expectGradientsMatch(at: [x], step: 2e-3) {
      $0[0].addingAngularMargin(0.5, labels: [0, 1, 2])
    }
    expectGradientsMatch(at: [x], step: 2e-3) {
      $0[0].addingAngularMargin(0.5, labels: [0, 1, 2])
        .softmaxCrossEntropy(labels: [0, 1, 2], scale: 4)
    }
  }

  @Test("cosines of exactly ±1 and a little beyond give finite gradients")
  func ends() {
    let x = Variable(tracked: Tensor([1, -1, 1.000_001, -1.000_001], shape: [4, 1]))
    let y = x.addingAngularMargin(0.5, labels: [0, 0, 0, 0])
    #expect(y.value.isFinite)
    #expect(NeuralNetworks.gradients(of: y.sum(), withRespectTo: [x])[0].isFinite)
  }
}
