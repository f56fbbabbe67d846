import KernelSupport
import Kernels
import Testing

@Suite struct ConvolutionKernelTests {
  static let shapes = [
    ConvolutionShape(batch: 2, height: 8, width: 8, inputChannels: 32, outputChannels: 32),
    ConvolutionShape(batch: 1, height: 7, width: 13, inputChannels: 3, outputChannels: 48),
    ConvolutionShape(batch: 3, height: 5, width: 4, inputChannels: 20, outputChannels: 3),
    ConvolutionShape(batch: 1, height: 1, width: 1, inputChannels: 1, outputChannels: 1),
    ConvolutionShape(batch: 5, height: 34, width: 33, inputChannels: 4, outputChannels: 17),
    ConvolutionShape(batch: 2, height: 16, width: 16, inputChannels: 129, outputChannels: 136),
    ConvolutionShape(batch: 7, height: 10, width: 5, inputChannels: 40, outputChannels: 24),
  ]

  /// The schemes that keep a picture's size, with the largest error of a result and of a weight gradient.
  static let schemes: [(scheme: WinogradScheme, bound: Double, weightBound: Double)] = [
    (.two, 2e-6, 4e-6), (.four, 2e-5, 3e-5), (.five, 3e-5, 5e-5),
  ]

  static func numbers(_ count: Int, _ seed: UInt64) -> [Float] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) / Float(1 << 23) - 1
    }
  }

  /// The largest error, relative to the largest value.
  static func error(_ found: [Float], _ expected: [Double]) -> Double {
    let largest = expected.map(abs).max() ?? 0
    return zip(found, expected).map { abs(Double($0) - $1) }.max().map { $0 / max(largest, 1e-30) }
      ?? 0
  }

  @Test("Winograd forward and input gradient match direct sums", arguments: shapes)
  func winograd(_ s: ConvolutionShape) {
    let x = Self.numbers(s.batch * s.height * s.width * s.inputChannels, 1)
    let w = Self.numbers(9 * s.inputChannels * s.outputChannels, 2)
    let dy = Self.numbers(s.batch * s.height * s.width * s.outputChannels, 3)
    let expected = ConvolutionOracle.forward(x, w, s)
    let expectedGradient = ConvolutionOracle.inputGradient(dy, w, s)
    for kernels in Compute.available {
      for (scheme, bound, _) in Self.schemes {
        let y = Self.convolve(kernels, scheme, x, w, s, flipped: false)
        #expect(Self.error(y, expected) < bound, "\(kernels.name) \(scheme)")
        let dx = Self.convolve(kernels, scheme, dy, w, s.transposed, flipped: true)
        #expect(Self.error(dx, expectedGradient) < bound, "\(kernels.name) \(scheme)")
      }
    }
  }

  static func convolve(
    _ kernels: any KernelSet, _ scheme: WinogradScheme, _ x: [Float], _ w: [Float],
    _ s: ConvolutionShape, flipped: Bool
  ) -> [Float] {
    var packed = [Float](
      repeating: .nan,
      count: kernels.packedWinogradCount(
        scheme, inputChannels: s.inputChannels, outputChannels: s.outputChannels))
    packed.withUnsafeMutableBufferPointer {
      kernels.packWinograd(
        w, scheme, inputChannels: s.inputChannels, outputChannels: s.outputChannels,
        flipped: flipped, into: $0.baseAddress.unsafelyUnwrapped)
    }
    let pixels = scheme.outputs(along: s.height) * scheme.outputs(along: s.width)
    return filled(s.batch * pixels * s.outputChannels) {
      kernels.convolveWinograd(x, packed: packed, scheme, s, ConvolutionEpilogue(), into: $0)
    }
  }

  static let windows: [ConvolutionWindow] = [
    .same, .halving, ConvolutionWindow(side: 1, stride: 1, border: 0),
    ConvolutionWindow(side: 5, stride: 3, border: 2),
  ]

  @Test("direct forward with bias and activation matches direct sums", arguments: shapes, windows)
  func direct(_ s: ConvolutionShape, _ window: ConvolutionWindow) {
    guard window.outputs(along: min(s.height, s.width)) > 0 else { return }
    let x = Self.numbers(s.batch * s.height * s.width * s.inputChannels, 1)
    let w = Self.numbers(window.taps * s.inputChannels * s.outputChannels, 2)
    let bias = Self.numbers(s.outputChannels, 4)
    let expected = ConvolutionOracle.forward(x, w, s, window).enumerated().map { index, value in
      let z = value + Double(bias[index % s.outputChannels])
      return z < 0 ? 0.25 * z : z
    }
    for kernels in Compute.available {
      let depth = window.taps * s.inputChannels
      let width = (s.outputChannels + kernels.panelWidth - 1) / kernels.panelWidth
      let panels = Self.filled(depth * width * kernels.panelWidth) {
        kernels.pack(w, depth: depth, columns: s.outputChannels, transposed: false, into: $0)
      }
      let y = Self.filled(expected.count) {
        kernels.convolveDirect(
          x, panels: panels, s, window, ConvolutionEpilogue(bias: bias, slope: 0.25), into: $0)
      }
      #expect(Self.error(y, expected) < 4e-6, "\(kernels.name)")
    }
  }

  @Test("direct weight gradients match direct sums", arguments: shapes, windows)
  func directWeightGradient(_ s: ConvolutionShape, _ window: ConvolutionWindow) {
    guard window.outputs(along: min(s.height, s.width)) > 0 else { return }
    let x = Self.numbers(s.batch * s.height * s.width * s.inputChannels, 1)
    let dy = Self.numbers(ConvolutionOracle.outputCount(s, window), 3)
    let expected = ConvolutionOracle.weightGradient(x, dy, s, window)
    for kernels in Compute.available {
      let dw = Self.filled(expected.count) {
        kernels.weightGradientDirect(x, dy, s, window, into: $0)
      }
      #expect(Self.error(dw, expected) < 4e-6, "\(kernels.name)")
    }
  }

  static let evenShapes = [
    ConvolutionShape(batch: 2, height: 8, width: 8, inputChannels: 32, outputChannels: 32),
    ConvolutionShape(batch: 1, height: 2, width: 30, inputChannels: 3, outputChannels: 48),
    ConvolutionShape(batch: 9, height: 6, width: 4, inputChannels: 20, outputChannels: 3),
    ConvolutionShape(batch: 2, height: 8, width: 8, inputChannels: 70, outputChannels: 129),
  ]

  @Test("the input gradient of a halving convolution matches direct sums", arguments: evenShapes)
  func halvingGradient(_ s: ConvolutionShape) {
    let w = Self.numbers(16 * s.inputChannels * s.outputChannels, 2)
    let dy = Self.numbers(ConvolutionOracle.outputCount(s, .halving), 3)
    let expected = ConvolutionOracle.inputGradient(dy, w, s, .halving)
    for kernels in Compute.available {
      let (inputs, outputs) = (s.inputChannels, s.outputChannels)
      let packed = Self.filled(
        kernels.packedHalvingCount(inputChannels: inputs, outputChannels: outputs)
      ) { kernels.packHalving(w, inputChannels: inputs, outputChannels: outputs, into: $0) }
      let dx = Self.filled(expected.count) {
        kernels.inputGradientHalving(dy, packed: packed, s, into: $0)
      }
      #expect(Self.error(dx, expected) < 2e-6, "\(kernels.name)")
    }
  }

  @Test(
    "a halving convolution in tiles, and its gradients, match direct sums",
    arguments: evenShapes + [
      ConvolutionShape(batch: 3, height: 34, width: 18, inputChannels: 24, outputChannels: 40),
      ConvolutionShape(batch: 50, height: 16, width: 16, inputChannels: 17, outputChannels: 19),
    ])
  func halvingTiles(_ s: ConvolutionShape) {
    let (inputs, outputs) = (s.inputChannels, s.outputChannels)
    let x = Self.numbers(s.batch * s.height * s.width * inputs, 1)
    let w = Self.numbers(16 * inputs * outputs, 2)
    let dy = Self.numbers(ConvolutionOracle.outputCount(s, .halving), 3)
    let bias = Self.numbers(outputs, 4)
    let y = ConvolutionOracle.forward(x, w, s, .halving).enumerated().map { index, value in
      let z = value + Double(bias[index % outputs])
      return z < 0 ? 0.25 * z : z
    }
    let dx = ConvolutionOracle.inputGradient(dy, w, s, .halving)
    let dw = ConvolutionOracle.weightGradient(x, dy, s, .halving)
    for kernels in Compute.available {
      let packed = Self.filled(
        kernels.packedHalvingTilesCount(inputChannels: inputs, outputChannels: outputs)
      ) { kernels.packHalvingTiles(w, inputChannels: inputs, outputChannels: outputs, into: $0) }
      let found = Self.filled(y.count) {
        kernels.convolveHalvingTiles(x, packed: packed, s, bias: bias, slope: 0.25, into: $0)
      }
      #expect(Self.error(found, y) < 1e-5, "\(kernels.name)")
      let gradient = Self.filled(dx.count) {
        kernels.inputGradientHalvingTiles(dy, w, s, into: $0)
      }
      #expect(Self.error(gradient, dx) < 1e-5, "\(kernels.name)")
      let weightGradient = Self.filled(dw.count) {
        kernels.weightGradientHalvingTiles(x, dy, s, into: $0)
      }
      #expect(Self.error(weightGradient, dw) < 1e-5, "\(kernels.name)")
    }
  }

  /// What `fill` writes over numbers that are not numbers.
  static func filled(_ count: Int, _ fill: (Destination) -> Void) -> [Float] {
    var numbers = [Float](repeating: .nan, count: count)
    numbers.withUnsafeMutableBufferPointer { fill($0.baseAddress.unsafelyUnwrapped) }
    return numbers
  }

  @Test("weight gradients match direct sums", arguments: shapes)
  func weightGradients(_ s: ConvolutionShape) {
    let x = Self.numbers(s.batch * s.height * s.width * s.inputChannels, 1)
    let dy = Self.numbers(s.batch * s.height * s.width * s.outputChannels, 3)
    let expected = ConvolutionOracle.weightGradient(x, dy, s)
    for kernels in Compute.available {
      var dw = [Float](repeating: .nan, count: expected.count)
      for (scheme, _, bound) in Self.schemes {
        dw.withUnsafeMutableBufferPointer {
          kernels.weightGradientWinograd(
            x, dy, scheme, s, into: $0.baseAddress.unsafelyUnwrapped)
        }
        #expect(Self.error(dw, expected) < bound, "\(kernels.name) \(scheme)")
      }
    }
  }

  /// With fewer threads fewer tiles are kept at a time: here three pieces on one thread, one on three.
  @Test("weight gradients are the same bits on any number of threads") func threads() {
    let s = ConvolutionShape(
      batch: 2, height: 16, width: 16, inputChannels: 129, outputChannels: 136)
    let x = Self.numbers(s.batch * s.height * s.width * s.inputChannels, 1)
    let dy = Self.numbers(s.batch * s.height * s.width * s.outputChannels, 3)
    let limit = WorkerPool.shared.limit
    defer { WorkerPool.shared.limit = limit }
    for kernels in Compute.available {
      for (scheme, _, _) in Self.schemes {
        let found = [1, 2, 3].map { threads in
          WorkerPool.shared.limit = threads
          return Self.filled(9 * s.inputChannels * s.outputChannels) {
            kernels.weightGradientWinograd(x, dy, scheme, s, into: $0)
          }
        }
        #expect(found[0] == found[1] && found[0] == found[2], "\(kernels.name) \(scheme)")
      }
    }
  }
}
