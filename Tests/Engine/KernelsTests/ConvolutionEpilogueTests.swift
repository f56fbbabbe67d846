import KernelSupport
import Kernels
import Testing

@Suite struct ConvolutionEpilogueTests {
  typealias Support = ConvolutionKernelTests

  static let shapes = [
    ConvolutionShape(batch: 2, height: 8, width: 8, inputChannels: 32, outputChannels: 32),
    ConvolutionShape(batch: 1, height: 7, width: 13, inputChannels: 5, outputChannels: 48),
    ConvolutionShape(batch: 3, height: 5, width: 4, inputChannels: 20, outputChannels: 3),
    ConvolutionShape(batch: 3, height: 34, width: 33, inputChannels: 4, outputChannels: 17),
  ]

  /// Each pixel four times.
  static func upsampled(_ x: [Float], _ s: ConvolutionShape, channels: Int) -> [Float] {
    var y = [Float](repeating: 0, count: 4 * x.count)
    for n in 0..<s.batch {
      for row in 0..<2 * s.height {
        for column in 0..<2 * s.width {
          for c in 0..<channels {
            y[((n * 2 * s.height + row) * 2 * s.width + column) * channels + c] =
              x[((n * s.height + row / 2) * s.width + column / 2) * channels + c]
          }
        }
      }
    }
    return y
  }

  @Test(
    "a convolution that upsamples is up-sampling and then the convolution, and so are its gradients",
    arguments: shapes)
  func upsampling(_ s: ConvolutionShape) {
    let large = ConvolutionShape(
      batch: s.batch, height: 2 * s.height, width: 2 * s.width, inputChannels: s.inputChannels,
      outputChannels: s.outputChannels)
    let x = Support.numbers(s.batch * s.height * s.width * s.inputChannels, 1)
    let w = Support.numbers(9 * s.inputChannels * s.outputChannels, 2)
    let dy = Support.numbers(4 * s.batch * s.height * s.width * s.outputChannels, 3)
    let big = Self.upsampled(x, s, channels: s.inputChannels)
    let gradient = ConvolutionOracle.inputGradient(dy, w, large)
    var summed = [Double](repeating: 0, count: x.count)
    for index in gradient.indices {
      let (pixel, c) = index.quotientAndRemainder(dividingBy: s.inputChannels)
      let (line, column) = pixel.quotientAndRemainder(dividingBy: 2 * s.width)
      let (n, row) = line.quotientAndRemainder(dividingBy: 2 * s.height)
      let place = (n * s.height + row / 2) * s.width + column / 2
      summed[place * s.inputChannels + c] += gradient[index]
    }
    let weightGradient = ConvolutionOracle.weightGradient(big, dy, large)
    for kernels in Compute.available {
      let y = Support.convolve(kernels, .upsampling, x, w, s, flipped: false)
      #expect(Support.error(y, ConvolutionOracle.forward(big, w, large)) < 2e-5, "\(kernels.name)")
      let dx = Support.convolve(kernels, .summing, dy, w, large.transposed, flipped: true)
      #expect(Support.error(dx, summed) < 2e-5, "\(kernels.name)")
      let dw = Support.filled(w.count) {
        kernels.weightGradientWinograd(x, dy, .upsampling, s, into: $0)
      }
      #expect(Support.error(dw, weightGradient) < 3e-5, "\(kernels.name)")
    }
  }

  @Test(
    "weights transformed on the way give the same bits",
    arguments: shapes + [
      ConvolutionShape(batch: 1, height: 8, width: 8, inputChannels: 70, outputChannels: 90)
    ])
  func streamedWeights(_ s: ConvolutionShape) {
    let x = Support.numbers(s.batch * s.height * s.width * s.inputChannels, 1)
    let w = Support.numbers(9 * s.inputChannels * s.outputChannels, 2)
    for kernels in Compute.available {
      for scheme in WinogradScheme.allCases {
        for flipped in [false, true] {
          let packed = Support.convolve(kernels, scheme, x, w, s, flipped: flipped)
          let count = kernels.packedTapsCount(
            inputChannels: s.inputChannels, outputChannels: s.outputChannels)
          let taps = Support.filled(count) {
            kernels.packTaps(
              w, inputChannels: s.inputChannels, outputChannels: s.outputChannels,
              flipped: flipped, into: $0)
          }
          let streamed = Support.filled(packed.count) {
            kernels.convolveWinograd(x, taps: taps, scheme, s, ConvolutionEpilogue(), into: $0)
          }
          #expect(streamed == packed, "\(kernels.name) \(scheme)")
        }
      }
    }
  }

  @Test("pooling in the epilogue is pooling afterwards, bit for bit", arguments: shapes)
  func pooling(_ s: ConvolutionShape) {
    let bias = Support.numbers(s.outputChannels, 4)
    for kernels in Compute.available {
      for path in Path.allCases where path != .five {
        let plain = path.run(kernels, s) { _ in ConvolutionEpilogue(bias: bias, slope: 0.1) }
        let pooled = path.run(kernels, s) { _ in
          ConvolutionEpilogue(bias: bias, slope: 0.1, isPooled: true)
        }
        let expected = Support.filled(s.batch * (s.height / 2) * (s.width / 2) * s.outputChannels) {
          kernels.maxPool(
            plain, batch: s.batch, height: s.height, width: s.width, channels: s.outputChannels,
            into: $0)
        }
        #expect(
          pooled.prefix(expected.count).map(\.bitPattern) == expected.map(\.bitPattern),
          "\(kernels.name) \(path)")
      }
    }
  }

  @Test("sums gathered in the epilogue are those of the result", arguments: shapes)
  func sums(_ s: ConvolutionShape) {
    for kernels in Compute.available {
      for path in Path.allCases {
        var sums = [Double](repeating: .nan, count: 2 * s.outputChannels)
        let y = sums.withUnsafeMutableBufferPointer { buffer in
          path.run(kernels, s) { _ in ConvolutionEpilogue(sums: buffer.baseAddress) }
        }
        for c in 0..<s.outputChannels {
          let column = stride(from: c, to: y.count, by: s.outputChannels).map { Double(y[$0]) }
          let squares = column.map { $0 * $0 }.reduce(0, +)
          #expect(abs(sums[c] - column.reduce(0, +)) < 1e-5 * squares, "\(kernels.name) \(path)")
          #expect(abs(sums[s.outputChannels + c] - squares) < 1e-5 * squares)
        }
      }
    }
  }

  /// The ways to compute a 3×3 convolution.
  enum Path: CaseIterable {
    case direct, two, four, five

    func run(
      _ kernels: any KernelSet, _ s: ConvolutionShape, _ epilogue: (Self) -> ConvolutionEpilogue
    ) -> [Float] {
      let x = Support.numbers(s.batch * s.height * s.width * s.inputChannels, 1)
      let w = Support.numbers(9 * s.inputChannels * s.outputChannels, 2)
      let count = s.batch * s.height * s.width * s.outputChannels
      let (inputs, outputs) = (s.inputChannels, s.outputChannels)
      guard self != .direct else {
        let width = (outputs + kernels.panelWidth - 1) / kernels.panelWidth * kernels.panelWidth
        let panels = Support.filled(9 * inputs * width) {
          kernels.pack(w, depth: 9 * inputs, columns: outputs, transposed: false, into: $0)
        }
        return Support.filled(count) {
          kernels.convolveDirect(x, panels: panels, s, .same, epilogue(self), into: $0)
        }
      }
      let scheme: WinogradScheme = self == .two ? .two : self == .four ? .four : .five
      let packed = Support.filled(
        kernels.packedWinogradCount(scheme, inputChannels: inputs, outputChannels: outputs)
      ) {
        kernels.packWinograd(
          w, scheme, inputChannels: inputs, outputChannels: outputs, flipped: false, into: $0)
      }
      return Support.filled(count) {
        kernels.convolveWinograd(x, packed: packed, scheme, s, epilogue(self), into: $0)
      }
    }
  }
}
