import KernelSupport

/// Direct sums in double precision: what every fast convolution is held against.
enum ConvolutionOracle {
  /// Calls `body` with the flat places of input, weight and output of every product.
  private static func eachProduct(
    _ s: ConvolutionShape, _ body: (_ input: Int, _ weight: Int, _ output: Int) -> Void
  ) {
    for n in 0..<s.batch {
      for y in 0..<s.height {
        for x in 0..<s.width {
          for ky in 0..<3 where 0..<s.height ~= y + ky - 1 {
            for kx in 0..<3 where 0..<s.width ~= x + kx - 1 {
              let pixel = (n * s.height + y + ky - 1) * s.width + x + kx - 1
              for i in 0..<s.inputChannels {
                for o in 0..<s.outputChannels {
                  body(
                    pixel * s.inputChannels + i,
                    ((ky * 3 + kx) * s.inputChannels + i) * s.outputChannels + o,
                    ((n * s.height + y) * s.width + x) * s.outputChannels + o)
                }
              }
            }
          }
        }
      }
    }
  }

  static func forward(_ x: [Float], _ w: [Float], _ s: ConvolutionShape) -> [Double] {
    var y = [Double](repeating: 0, count: s.batch * s.height * s.width * s.outputChannels)
    eachProduct(s) { y[$2] += Double(x[$0]) * Double(w[$1]) }
    return y
  }

  static func inputGradient(_ dy: [Float], _ w: [Float], _ s: ConvolutionShape) -> [Double] {
    var dx = [Double](repeating: 0, count: s.batch * s.height * s.width * s.inputChannels)
    eachProduct(s) { dx[$0] += Double(dy[$2]) * Double(w[$1]) }
    return dx
  }

  static func weightGradient(_ x: [Float], _ dy: [Float], _ s: ConvolutionShape) -> [Double] {
    var dw = [Double](repeating: 0, count: 9 * s.inputChannels * s.outputChannels)
    eachProduct(s) { dw[$1] += Double(x[$0]) * Double(dy[$2]) }
    return dw
  }
}
