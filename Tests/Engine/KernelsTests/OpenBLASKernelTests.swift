import Foundation
import KernelSupport
import Kernels
import Testing

/// Products that OpenBLAS takes over: right, and the same at any number of threads.
@Suite struct OpenBLASKernelTests {
  static let sets = Compute.available.compactMap(Compute.withOpenBLAS)

  @Test("OpenBLAS is there, for each set of kernels") func present() {
    #expect(Compute.openBLASUnavailable == nil)
    #expect(Self.sets.map(\.name) == Compute.available.map { $0.name + "+openblas" })
    #expect(Compute.kernels.name != Self.sets[0].name && Compute.refusal == nil)
  }

  @Test(
    "products match those of the set below, with bias, slope and epilogue",
    arguments: [(1, 5, 3), (7, 33, 9), (8, 33, 9), (64, 64, 64), (131, 700, 65)])
  func products(_ rows: Int, _ depth: Int, _ columns: Int) {
    let a = ConvolutionKernelTests.numbers(rows * depth, 1)
    let b = ConvolutionKernelTests.numbers(depth * columns, 2)
    let bias = ConvolutionKernelTests.numbers(columns, 3)
    let slopes = ConvolutionKernelTests.numbers(columns, 4)
    let turned = ProductKernelTests.transposed(a, rows: rows, columns: depth)
    for (base, kernels) in zip(Compute.available, Self.sets) {
      let width = (columns + kernels.panelWidth - 1) / kernels.panelWidth * kernels.panelWidth
      let panels = ConvolutionKernelTests.filled(depth * width) {
        kernels.pack(b, depth: depth, columns: columns, transposed: false, into: $0)
      }
      func plain(_ kernels: any KernelSet) -> [Float] {
        ConvolutionKernelTests.filled(rows * columns) {
          kernels.multiply(
            a, rows: rows, depth: depth, panels: panels, columns: columns, bias: bias, slope: 0.25,
            into: $0)
        }
      }
      func epilogue(_ kernels: any KernelSet) -> [Float] {
        ConvolutionKernelTests.filled(rows * columns) { c in
          bias.withUnsafeBufferPointer { bias in
            slopes.withUnsafeBufferPointer { slopes in
              kernels.multiply(
                a, rows: rows, depth: depth, panels: panels, columns: columns,
                ChannelEpilogue(bias: bias.baseAddress, slopes: slopes.baseAddress, ceiling: 1),
                into: c)
            }
          }
        }
      }
      func transposed(_ kernels: any KernelSet) -> [Float] {
        ConvolutionKernelTests.filled(rows * columns) {
          kernels.multiplyTransposed(
            turned, rows: rows, depth: depth, b, columns: columns, into: $0)
        }
      }
      for work in [plain, epilogue, transposed] {
        #expect(
          ConvolutionKernelTests.error(work(kernels), work(base).map(Double.init)) < 1e-5,
          "\(kernels.name)")
        let whole = work(kernels)
        let limit = WorkerPool.shared.limit
        WorkerPool.shared.limit = 1
        #expect(work(kernels) == whole, "\(kernels.name)")
        WorkerPool.shared.limit = limit
      }
    }
  }
}
