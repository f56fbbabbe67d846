private import CProcessor
private import Glibc
private import KernelsAVX2
private import KernelsAVX512
private import KernelsBaseline
public import KernelSupport

/// The kernels of this process.
public enum Compute {
  /// The kernels for the widest instruction set that this processor has.
  ///
  /// `FACEWARDEN_ISA` (`baseline`, `avx2` or `avx512`) picks a narrower one, for tests; a set that
  /// the processor lacks is ignored.
  public static let kernels: any KernelSet = {
    let forced = getenv("FACEWARDEN_ISA").map { String(cString: $0) }
    let offered = available
    return offered.first { $0.name == forced } ?? offered[0]
  }()

  /// How accurately 3×3 convolutions are computed unless a network is told otherwise.
  ///
  /// F(4×4); `FACEWARDEN_TILE=2` picks F(2×2), the accurate mode: half as fast, with errors like those
  /// of direct sums.
  public static let tile: WinogradTile =
    getenv("FACEWARDEN_TILE").flatMap { Int(String(cString: $0)) }.flatMap(WinogradTile.init)
    ?? .four

  /// Every set of kernels that runs on this processor, the widest first.
  public static var available: [any KernelSet] {
    switch facewarden_processor_level() {
    case 4: [AVX512Kernels(), AVX2Kernels(), BaselineKernels()]
    case 3: [AVX2Kernels(), BaselineKernels()]
    default: [BaselineKernels()]
    }
  }
}
