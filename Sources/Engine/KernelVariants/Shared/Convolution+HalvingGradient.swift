public import KernelSupport
private import Glibc

// ∂L/∂x of a 4×4 convolution with stride 2. Pixels fall into four classes by the parity of row and
// column; in each, dx is a 2×2 convolution of dy of its own: of the four taps along an axis, an even
// pixel (2r) meets taps 3 and 1 of outputs r − 1 and r, an odd one (2r + 1) taps 2 and 0 of r and
// r + 1.

/// The taps that a pixel of this parity meets, in the order of the outputs.
@inline(__always)
private func tap(_ parity: Int, _ index: Int) -> Int { (parity == 0 ? 3 : 2) - 2 * index }

extension Kernels {
  public func packedHalvingCount(inputChannels: Int, outputChannels: Int) -> Int {
    16 * outputChannels * roundUp(inputChannels, panel)
  }

  public func packHalving(
    _ weights: Source, inputChannels: Int, outputChannels: Int, into packed: Destination
  ) {
    let depth = 4 * outputChannels
    let strips = (inputChannels + panel - 1) / panel
    // In panels of input channels; along the depth output row, output column, output channel.
    WorkerPool.shared.forEachUnchecked(4 * strips) { index in
      let (parity, strip) = index.quotientAndRemainder(dividingBy: strips)
      let target = packed + (parity * strips + strip) * depth * panel
      for place in 0..<4 {
        let (row, column) = (tap(parity / 2, place / 2), tap(parity % 2, place % 2))
        let source = weights + (row * 4 + column) * inputChannels * outputChannels
        for j in 0..<panel {
          let channel = strip * panel + j
          let line = target + place * outputChannels * panel + j
          if channel < inputChannels {
            let taps = source + channel * outputChannels
            for o in 0..<outputChannels { line[o &* panel] = taps[o] }
          } else {
            for o in 0..<outputChannels { line[o &* panel] = 0 }
          }
        }
      }
    }
  }

  public func inputGradientHalving(
    _ dy: Source, packed: Source, _ shape: ConvolutionShape, into dx: Destination
  ) {
    let (rows, columns) = (shape.height / 2, shape.width / 2)
    let (outputs, inputs) = (shape.outputChannels, shape.inputChannels)
    let strips = (inputs + panel - 1) / panel
    let rowStride = (columns + 2) * outputs
    let band = min(rows, max(4, 32768 / rowStride))
    let bands = (rows + band - 1) / band
    let parts = shape.batch * bands < 8 ? 4 : 1
    WorkerPool.shared.forEachUnchecked(shape.batch * bands * parts) { index in
      let (place, part) = index.quotientAndRemainder(dividingBy: parts)
      let (picture, bandIndex) = place.quotientAndRemainder(dividingBy: bands)
      let y0 = bandIndex * band
      let mine = min(band, rows - y0)
      BufferPool.withScratch((band + 2) * rowStride) { s in
        copyRows(
          dy + picture * rows * columns * outputs, rows, columns, outputs, first: y0 - 1, mine + 2,
          border: 1, into: s)
        for parity in part * 4 / parts..<(part + 1) * 4 / parts {
          let (odd, right) = (parity / 2, parity % 2)
          for strip in 0..<strips {
            let channel = strip * panel
            let panels = packed + (parity * strips + strip) * 4 * outputs * panel
            for r in 0..<mine {
              let line = (picture * shape.height + 2 * (y0 + r) + odd) * shape.width + right
              for pixel in stride(from: 0, to: columns, by: tileRows) {
                multiplyInto(
                  s + (r + odd) * rowStride + (pixel + right) * outputs, outputs,
                  min(tileRows, columns - pixel), 2 * outputs, 2, rowStride, panels, nil, 1,
                  dx + (line + 2 * pixel) * inputs + channel, 2 * inputs,
                  min(panel, inputs - channel))
              }
            }
          }
        }
      }
    }
  }
}
