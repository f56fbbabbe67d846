public import KernelSupport

/// 128-bit registers: 12 of 16 hold the product tile.
typealias Vector = SIMD4<Float>
@inline(__always) var lanes: Int { 4 }
@inline(__always) var panel: Int { 8 }
@inline(__always) var tileRows: Int { 6 }

/// sum + a · b; without fused instructions `addProduct` would be a call per lane.
@inline(__always) func multiplyAdd(_ sum: inout Vector, _ a: Vector, _ b: Vector) {
  sum += a * b
}

/// The kernels compiled for any x86-64.
public struct BaselineKernels: KernelSet {
  /// The instruction set's name.
  public var name: String { "baseline" }
  /// Creates the kernels.
  public init() {}
}

typealias Kernels = BaselineKernels
