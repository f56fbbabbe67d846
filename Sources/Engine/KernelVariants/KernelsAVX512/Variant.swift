public import KernelSupport

/// 512-bit registers: 24 of 32 hold the product tile.
typealias Vector = SIMD16<Float>
@inline(__always) var lanes: Int { 16 }
@inline(__always) var panel: Int { 32 }
@inline(__always) var tileRows: Int { 12 }

/// sum + a · b, rounded once.
@inline(__always) func multiplyAdd(_ sum: inout Vector, _ a: Vector, _ b: Vector) {
  sum.addProduct(a, b)
}

/// The kernels compiled for AVX-512.
public struct AVX512Kernels: KernelSet {
  /// The instruction set's name.
  public var name: String { "avx512" }
  /// Creates the kernels; the caller makes sure that the processor has the instructions.
  public init() {}
}

typealias Kernels = AVX512Kernels
