import NeuralNetworks
import Tensors
import Testing

@Suite struct ResamplingTests {
  @Test("gradients go through, larger or smaller", arguments: [(4, 4), (3, 7), (9, 2), (10, 12)])
  func gradients(rows: Int, columns: Int) {
    expectGradientsMatch(at: [tensor([2, 6, 5, 3])]) {
      $0[0].resampled(rows: rows, columns: columns)
    }
  }

  @Test("a map is put where its part lies, and fades around it") func placed() {
    let x = Tensor([2, 4], shape: [1, 1, 2, 1])
    let y = Variable(x).placed(
      rows: 1, columns: 8, vertical: 0...1, horizontal: 0.375...0.875
    ).value
    // Old places lie in 3 to 7 of 8, two wide: inside as bilinear interpolation, before them the border fades.
    #expect(y.numbers == [0, 0.5, 1.5, 2, 2.5, 3.5, 4, 3].map { Float($0) })
    let whole = Variable(tensor([2, 4, 5, 3]))
    #expect(
      whole.placed(rows: 7, columns: 9, vertical: 0...1, horizontal: 0...1).value
        == whole.resampled(rows: 7, columns: 9).value)
  }

  @Test("gradients go through a placed map", arguments: [-0.3...0.6, 0.2...0.9, -0.5...1.4])
  func placedGradients(part: ClosedRange<Double>) {
    expectGradientsMatch(at: [tensor([2, 5, 4, 3])]) {
      $0[0].placed(rows: 8, columns: 7, vertical: part, horizontal: 0.1...0.8)
    }
  }

  @Test("an even picture stays even, to the border", arguments: [1, 5, 8, 16, 31])
  func even(side: Int) {
    let y = Variable(Tensor(repeating: 0.7, shape: [1, 16, 16, 2])).resampled(
      rows: side, columns: side
    ).value
    #expect(y.shape == [1, side, side, 2])
    #expect(y.numbers.allSatisfy { abs($0 - 0.7) < 1e-6 })
  }

  @Test("the same size is the same picture") func same() {
    let x = tensor([2, 4, 5, 3])
    #expect(Variable(x).resampled(rows: 4, columns: 5).value == x)
  }

  @Test("half the size weighs four pixels 1 : 3 : 3 : 1") func half() {
    let x = Tensor([0, 0, 0, 8, 0, 0, 0, 0], shape: [1, 1, 8, 1])
    let y = Variable(x).resampled(rows: 1, columns: 4).value
    #expect(y.numbers.map { ($0 * 1000).rounded() / 1000 } == [0, 3, 1, 0].map { Float($0) })
  }

  @Test("a slope stays a slope between the borders") func slope() {
    let x = Tensor((0..<12).map { Float($0) }, shape: [1, 1, 12, 1])
    let y = Variable(x).resampled(rows: 1, columns: 8).value
    // A triangle that is sampled does not keep a slope exactly.
    for i in 1..<7 { #expect(abs(y[i] - ((Float(i) + 0.5) * 1.5 - 0.5)) < 0.03) }
  }
}
