import NeuralNetworks
import Tensors
import Testing

@Suite struct ViewTests {
  @Test(
    "a cropped rectangle, also one of a single pixel and the whole",
    arguments: [(0..<4, 0..<5), (1..<3, 2..<5), (3..<4, 0..<1)])
  func cropped(rows: Range<Int>, columns: Range<Int>) {
    let x = tensor([2, 4, 5, 3])
    let y = Variable(x).cropped(rows: rows, columns: columns).value
    #expect(y.shape == [2, rows.count, columns.count, 3])
    // Picture 1, first pixel of the rectangle, last channel.
    let place = ((4 + rows.lowerBound) * 5 + columns.lowerBound) * 3 + 2
    #expect(y[rows.count * columns.count * 3 + 2] == x[place])
    expectGradientsMatch(at: [x]) { $0[0].cropped(rows: rows, columns: columns) }
  }

  @Test("brightness of grey is itself, and gradients reach all colours") func grey() {
    let grey = Variable(Tensor(repeating: 0.5, shape: [1, 2, 2, 3])).grey().value
    #expect(grey.shape == [1, 2, 2, 1])
    #expect(grey.numbers.allSatisfy { abs($0 - 0.5) < 1e-6 })
    expectGradientsMatch(at: [tensor([2, 3, 1, 3])]) { $0[0].grey() }
  }

  @Test("columns change places, channels do not") func mirroredPlaces() {
    let x = Tensor([1, 2, 3, 4, 5, 6, 7, 8], shape: [1, 2, 2, 2])
    #expect(Variable(x).mirrored().value.numbers == [3, 4, 1, 2, 7, 8, 5, 6])
  }

  @Test("mirrored is its own inverse and adjoint", arguments: [1, 2, 5])
  func mirrored(width: Int) {
    let (x, y) = (tensor([2, 3, width, 3]), tensor([2, 3, width, 3], seed: 2))
    let (mx, my) = (Variable(x).mirrored(), Variable(y).mirrored())
    #expect(mx.mirrored().value == x)
    #expect(abs(mx.value.dot(y) - x.dot(my.value)) < 1e-9)
    expectGradientsMatch(at: [x]) { $0[0].mirrored() }
  }
}
