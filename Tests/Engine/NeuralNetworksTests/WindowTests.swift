import KernelSupport
import NeuralNetworks
import Tensors
import Testing

/// Operations that networks from elsewhere have, with any window.
@Suite struct WindowTests {
  /// Windows of all kinds over 7×6 pixels: sides, steps, borders.
  static let windows = [(1, 1, 0), (3, 1, 1), (3, 2, 1), (5, 2, 2), (2, 2, 0), (7, 1, 0)]

  private static func window(_ side: Int, _ stride: Int, _ border: Int) -> PlaneWindow? {
    func outputs(_ length: Int) -> Int { (length + 2 * border - side) / stride + 1 }
    guard side <= 6 + 2 * border else { return nil }
    return PlaneWindow(
      size: PlaneSize(side, side), stride: PlaneSize(stride, stride),
      border: PlaneSize(border, border), output: PlaneSize(outputs(7), outputs(6)))
  }

  @Test(
    "gradients of convolutions: dense, in groups, and of each channel alone", arguments: windows)
  func convolutions(side: Int, stride: Int, border: Int) {
    guard let window = Self.window(side, stride, border) else { return }
    for (groups, channels) in [(1, 4), (2, 4), (4, 4), (16, 16)] {
      let x = tensor([2, 7, 6, channels])
      let weight = tensor([side, side, channels / groups, channels], seed: 3)
        .map { $0 / Float(side) }
      expectGradientsMatch(at: [x], tolerance: 3e-3) {
        $0[0].convolved(weight, window, groups: groups)
      }
    }
  }

  @Test("a convolution has the values of its sums, alone and in a batch", arguments: windows)
  func values(side: Int, stride: Int, border: Int) {
    guard let window = Self.window(side, stride, border) else { return }
    for groups in [1, 2, 6] {
      let (x, weight) = (tensor([2, 7, 6, 6]), tensor([side, side, 6 / groups, 6], seed: 3))
      let y = Variable(x).convolved(weight, window, groups: groups).value
      let alone = Variable(x.entries(1..<2)).convolved(weight, window, groups: groups).value
      #expect(alone == y.entries(1..<2))
      for place in 0..<y.count {
        let (out, column) = (place % 6, place / 6 % window.output.columns)
        let row = place / 6 / window.output.columns % window.output.rows
        let picture = place / 6 / window.output.columns / window.output.rows
        var sum = 0.0
        for (i, j) in (0..<side * side).map({ ($0 / side, $0 % side) }) {
          let (r, c) = (row * stride + i - border, column * stride + j - border)
          guard (0..<7).contains(r), (0..<6).contains(c) else { continue }
          for k in 0..<6 / groups {
            let channel = out / (6 / groups) * (6 / groups) + k
            sum +=
              Double(x[((picture * 7 + r) * 6 + c) * 6 + channel])
              * Double(weight[((i * side + j) * (6 / groups) + k) * 6 + out])
          }
        }
        #expect(abs(Double(y[place]) - sum) < 1e-3)
      }
    }
  }

  @Test("gradients of pooling", arguments: [(2, 2, 0), (3, 2, 1), (3, 1, 1)])
  func pooling(side: Int, stride: Int, border: Int) {
    guard let window = Self.window(side, stride, border) else { return }
    // Numbers far apart, so that a step changes no maximum.
    let x = Tensor((0..<2 * 7 * 6 * 3).map { Float(($0 * 89) % 252) / 20 }, shape: [2, 7, 6, 3])
    expectGradientsMatch(at: [x]) { $0[0].maxPooled(window) }
    for counts in [false, true] {
      expectGradientsMatch(at: [x]) { $0[0].averagePooled(window, countsBorder: counts) }
    }
  }

  @Test("gradients of functions of each number") func functions() {
    let x = tensor([2, 3, 3, 4], gap: 0.05)
    expectGradientsMatch(at: [x]) { $0[0].logistic() }
    expectGradientsMatch(at: [x]) { $0[0].hardLogistic(slope: 0.2, shift: 0.5) }
    expectGradientsMatch(at: [x], tolerance: 3e-3) { $0[0].hardSwish() }
    let slopes = Tensor([0.1, 0.25, -0.5, 0], shape: [4])
    let bias = Tensor([0, 0.01, 0, -0.01], shape: [4])
    for activation in [
      ChannelActivation(slopes: slopes), ChannelActivation(bias: bias, slopes: slopes),
      ChannelActivation(slopes: Tensor([0.25, 0.25, 0.25, 0.25], shape: [4])),
    ] {
      expectGradientsMatch(at: [x]) { $0[0].activated(activation) }
    }
  }
}
