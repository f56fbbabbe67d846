public import KernelSupport

/// 256-bit registers: 12 of 16 hold the product tile.
typealias Vector = SIMD8<Float>
@inline(__always) var lanes: Int { 8 }
@inline(__always) var panel: Int { 16 }
@inline(__always) var tileRows: Int { 6 }

/// The kernels compiled for AVX2 and FMA.
public struct AVX2Kernels: KernelSet {
  /// The instruction set's name.
  public var name: String { "avx2" }
  /// Creates the kernels; the caller makes sure that the processor has the instructions.
  public init() {}
}

typealias Kernels = AVX2Kernels
