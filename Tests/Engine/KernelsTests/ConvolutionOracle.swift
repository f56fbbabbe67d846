import KernelSupport

/// Direct sums in double precision: what every fast convolution is held against.
enum ConvolutionOracle {
  /// Calls `body` with the flat places of input, weight and output of every product.
  private static func eachProduct(
    _ s: ConvolutionShape, _ window: ConvolutionWindow,
    _ body: (_ input: Int, _ weight: Int, _ output: Int) -> Void
  ) {
    let (rows, columns) = (window.outputs(along: s.height), window.outputs(along: s.width))
    for n in 0..<s.batch {
      for row in 0..<rows {
        for column in 0..<columns {
          for ky in 0..<window.side {
            for kx in 0..<window.side {
              let y = row * window.stride + ky - window.border
              let x = column * window.stride + kx - window.border
              guard 0..<s.height ~= y && 0..<s.width ~= x else { continue }
              for i in 0..<s.inputChannels {
                for o in 0..<s.outputChannels {
                  body(
                    ((n * s.height + y) * s.width + x) * s.inputChannels + i,
                    ((ky * window.side + kx) * s.inputChannels + i) * s.outputChannels + o,
                    ((n * rows + row) * columns + column) * s.outputChannels + o)
                }
              }
            }
          }
        }
      }
    }
  }

  /// Numbers in the output.
  static func outputCount(_ s: ConvolutionShape, _ window: ConvolutionWindow = .same) -> Int {
    s.batch * window.outputs(along: s.height) * window.outputs(along: s.width) * s.outputChannels
  }

  static func forward(
    _ x: [Float], _ w: [Float], _ s: ConvolutionShape, _ window: ConvolutionWindow = .same
  ) -> [Double] {
    var y = [Double](repeating: 0, count: outputCount(s, window))
    eachProduct(s, window) { y[$2] += Double(x[$0]) * Double(w[$1]) }
    return y
  }

  static func inputGradient(
    _ dy: [Float], _ w: [Float], _ s: ConvolutionShape, _ window: ConvolutionWindow = .same
  ) -> [Double] {
    var dx = [Double](repeating: 0, count: s.batch * s.height * s.width * s.inputChannels)
    eachProduct(s, window) { dx[$0] += Double(dy[$2]) * Double(w[$1]) }
    return dx
  }

  static func weightGradient(
    _ x: [Float], _ dy: [Float], _ s: ConvolutionShape, _ window: ConvolutionWindow = .same
  ) -> [Double] {
    var dw = [Double](repeating: 0, count: window.taps * s.inputChannels * s.outputChannels)
    eachProduct(s, window) { dw[$1] += Double(x[$0]) * Double(dy[$2]) }
    return dw
  }
}
