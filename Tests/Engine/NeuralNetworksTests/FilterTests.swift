import NeuralNetworks
import Tensors
import Testing

@Suite struct FilterTests {
  @Test("pictures move right and down, their edges repeat") func shiftedPlaces() {
    let x = Variable(Tensor([1, 2, 3, 4, 5, 6], shape: [1, 2, 3, 1]))
    #expect(x.shifted(right: 1, down: 0).value.numbers == [1, 1, 2, 4, 4, 5])
    #expect(x.shifted(right: -1, down: 1).value.numbers == [2, 3, 3, 2, 3, 3])
    #expect(x.shifted(right: 0, down: 0).value == x.value)
  }

  @Test("a blur keeps flat pictures and spreads a point as the Gaussian says") func blurValues() {
    let flat = Variable(Tensor(repeating: 0.25, shape: [2, 4, 5, 3])).blurred(deviation: 0.7).value
    #expect(flat.numbers.allSatisfy { abs($0 - 0.25) < 1e-6 })
    var point = Tensor(zeros: [1, 9, 9, 1])
    point.update { $0[4 * 9 + 4] = 1 }
    let spread = Variable(point).blurred(deviation: 1).value
    #expect(abs(spread.numbers.reduce(0, +) - 1) < 1e-5)
    // exp(−½) beside the centre.
    #expect(abs(spread[4 * 9 + 5] / spread[4 * 9 + 4] - 0.60653) < 1e-4)
    #expect(abs(spread[3 * 9 + 4] - spread[4 * 9 + 5]) < 1e-7)
  }

  @Test("smoothing has doubled pixels fade into each other") func smoothValues() {
    let x = Variable(Tensor([0, 8], shape: [1, 1, 2, 1])).upsampled().smoothed()
    #expect(x.value.numbers == [0, 2, 6, 8, 0, 2, 6, 8])
  }

  @Test(
    "smoothing sums in one order, picture by picture",
    arguments: [(1, 1, 1), (1, 2, 3), (2, 1, 16), (3, 5, 24), (35, 4, 17)])
  func smoothedSums(height: Int, width: Int, channels: Int) {
    let x = tensor([2, height, width, channels])
    func weighed(_ a: Float, _ b: Float, _ c: Float) -> Float { 0.25 * a + 0.5 * b + 0.25 * c }
    func pixel(_ picture: Int, _ row: Int, _ column: Int, _ channel: Int) -> Float {
      let (row, column) = (min(height - 1, max(0, row)), min(width - 1, max(0, column)))
      return x[((picture * height + row) * width + column) * channels + channel]
    }
    let y = Variable(x).smoothed().value
    for index in 0..<y.count {
      let (place, channel) = index.quotientAndRemainder(dividingBy: channels)
      let (line, column) = place.quotientAndRemainder(dividingBy: width)
      let (picture, row) = line.quotientAndRemainder(dividingBy: height)
      let three = (column - 1...column + 1).map { column in
        weighed(
          pixel(picture, row - 1, column, channel), pixel(picture, row, column, channel),
          pixel(picture, row + 1, column, channel))
      }
      #expect(y[index] == weighed(three[0], three[1], three[2]))
    }
  }

  @Test("the median forgets a single wild pixel") func medianValues() {
    var x = Tensor(repeating: 0.5, shape: [1, 5, 5, 2])
    x.update { $0[(2 * 5 + 2) * 2] = 9 }
    #expect(Variable(x).medianFiltered().value.numbers.allSatisfy { $0 == 0.5 })
    let ramp = Tensor((0..<9).map(Float.init), shape: [1, 3, 3, 1])
    #expect(Variable(ramp).medianFiltered().value[4] == 4)
  }

  @Test(
    "the median is the fifth of nine sorted ones, edges repeated",
    arguments: [(1, 1), (1, 6), (7, 2), (6, 19)])
  func sortedMedians(height: Int, width: Int) {
    let x = tensor([2, height, width, 3])
    let y = Variable(x).medianFiltered().value
    func pixel(_ picture: Int, _ row: Int, _ column: Int, _ channel: Int) -> Float {
      let (row, column) = (min(height - 1, max(0, row)), min(width - 1, max(0, column)))
      return x[((picture * height + row) * width + column) * 3 + channel]
    }
    for index in 0..<y.count {
      let (place, channel) = index.quotientAndRemainder(dividingBy: 3)
      let (line, column) = place.quotientAndRemainder(dividingBy: width)
      let (picture, row) = line.quotientAndRemainder(dividingBy: height)
      let nine = (0..<9).map { pixel(picture, row - 1 + $0 / 3, column - 1 + $0 % 3, channel) }
      #expect(y[index] == nine.sorted()[4])
    }
  }

  @Test("gradients of the filters") func gradients() {
    let x = tensor([2, 4, 5, 3])
    expectGradientsMatch(at: [x]) { $0[0].shifted(right: 2, down: -1) }
    expectGradientsMatch(at: [x]) { $0[0].blurred(deviation: 0.8) }
    expectGradientsMatch(at: [x]) { $0[0].smoothed() }
    expectGradientsMatch(at: [tensor([1, 18, 1, 2])]) { $0[0].smoothed() }
    expectGradientsMatch(at: [x], step: 1e-4) { $0[0].medianFiltered() }
  }
}
