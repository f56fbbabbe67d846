import Foundation
import KernelSupport
import Kernels
import Testing

@Suite struct ProductKernelTests {
  struct Size: Sendable { let rows, depth, columns: Int }
  static let sizes = [
    Size(rows: 1, depth: 1, columns: 1), Size(rows: 13, depth: 31, columns: 33),
    Size(rows: 100, depth: 700, columns: 64), Size(rows: 5, depth: 300, columns: 7),
  ]

  @Test("products of matrices and of transposed ones match double sums", arguments: sizes)
  func products(_ size: Size) {
    let (rows, depth, columns) = (size.rows, size.depth, size.columns)
    let a = ConvolutionKernelTests.numbers(rows * depth, 1)
    let b = ConvolutionKernelTests.numbers(depth * columns, 2)
    var expected = [Double](repeating: 0, count: rows * columns)
    for r in 0..<rows {
      for c in 0..<columns {
        for k in 0..<depth {
          expected[r * columns + c] += Double(a[r * depth + k]) * Double(b[k * columns + c])
        }
      }
    }
    let turned = Self.transposed(a, rows: rows, columns: depth)
    let turnedB = Self.transposed(b, rows: depth, columns: columns)
    for kernels in Compute.available {
      let width = (columns + kernels.panelWidth - 1) / kernels.panelWidth * kernels.panelWidth
      for (matrix, isTransposed) in [(b, false), (turnedB, true)] {
        let panels = ConvolutionKernelTests.filled(depth * width) {
          kernels.pack(matrix, depth: depth, columns: columns, transposed: isTransposed, into: $0)
        }
        let c = ConvolutionKernelTests.filled(rows * columns) {
          kernels.multiply(
            a, rows: rows, depth: depth, panels: panels, columns: columns, bias: nil, slope: 1,
            into: $0)
        }
        #expect(ConvolutionKernelTests.error(c, expected) < 1e-5, "\(kernels.name)")
      }
      let c = ConvolutionKernelTests.filled(rows * columns) {
        kernels.multiplyTransposed(
          turned, rows: rows, depth: depth, b, columns: columns, into: $0)
      }
      #expect(ConvolutionKernelTests.error(c, expected) < 1e-5, "\(kernels.name)")
    }
  }

  static func transposed(_ a: [Float], rows: Int, columns: Int) -> [Float] {
    (0..<columns).flatMap { c in (0..<rows).map { r in a[r * columns + c] } }
  }

  @Test("tanh is right within 4 units in the last place")
  func tangent() {
    let x =
      (0..<4003).map { Float($0 - 2000) / 150 }
      + [0, -0.0, 1e-20, 0.6249999, 0.625, -0.625, 9, 40, -40, 1000, -1000, .infinity]
    for kernels in Compute.available {
      let y = ConvolutionKernelTests.filled(x.count) {
        kernels.hyperbolicTangent(x, x.count, into: $0)
      }
      for (found, x) in zip(y, x) {
        let exact = tanh(Double(x))
        #expect(
          abs(Double(found) - exact) <= 4 * Double(Float(exact).ulp), "\(kernels.name) tanh \(x)")
      }
    }
  }

  @Test("rows of softmax sum to one and match double sums", arguments: [1, 15, 16, 33, 1000])
  func softmax(_ columns: Int) {
    let rows = 3
    let x = ConvolutionKernelTests.numbers(rows * columns, 5).map { $0 * 40 }
    for kernels in Compute.available {
      var p = x
      var logSums = [Double](repeating: .nan, count: rows)
      p.withUnsafeMutableBufferPointer {
        kernels.softmax(
          $0.baseAddress.unsafelyUnwrapped, rows: rows, columns: columns, logSums: &logSums)
      }
      for row in 0..<rows {
        let logits = x[row * columns..<(row + 1) * columns].map(Double.init)
        let largest = logits.max() ?? 0
        let logSum = largest + log(logits.map { exp($0 - largest) }.reduce(0, +))
        #expect(abs(logSums[row] - logSum) < 1e-5, "\(kernels.name)")
        for (found, logit) in zip(p[row * columns..<(row + 1) * columns], logits) {
          #expect(abs(Double(found) - exp(logit - logSum)) < 1e-6, "\(kernels.name)")
        }
      }
    }
  }
}
