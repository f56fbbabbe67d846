private import CProcessor
private import Glibc
private import KernelsAVX2
private import KernelsAVX512
private import KernelsBaseline
private import KernelsOpenBLAS
public import KernelSupport

/// The kernels of this process.
public enum Compute {
  /// The kernels for the widest instruction set that this processor has.
  ///
  /// `FACEWARDEN_ISA` (`baseline`, `avx2` or `avx512`) picks a narrower one, for tests; a set that
  /// the processor lacks is ignored. With `+openblas` behind it OpenBLAS computes its products of matrices,
  /// if it can be had: see ``refusal``.
  public static let kernels: any KernelSet = {
    guard let (name, hasOpenBLAS) = asked else { return available[0] }
    let set = available.first { $0.name == name } ?? available[0]
    return hasOpenBLAS ? withOpenBLAS(set) ?? set : set
  }()

  /// Why the environment asks for OpenBLAS in vain; nil if it does not ask, or has it.
  public static var refusal: String? { asked?.hasOpenBLAS == true ? openBLASUnavailable : nil }

  /// Why OpenBLAS cannot be loaded; nil if it is.
  public static var openBLASUnavailable: String? { OpenBLASKernels.unavailable }

  /// A set of kernels with its products of matrices taken over by OpenBLAS; nil if that cannot be loaded.
  ///
  /// Its products of a row depend in the last bits on the other rows, so it is for comparison.
  public static func withOpenBLAS(_ kernels: any KernelSet) -> (any KernelSet)? {
    OpenBLASKernels(kernels)
  }

  /// What the environment asks for.
  private static var asked: (name: String, hasOpenBLAS: Bool)? {
    guard let word = getenv("FACEWARDEN_ISA").map({ String(cString: $0) }) else { return nil }
    let suffix = OpenBLASKernels.suffix
    return word.hasSuffix(suffix) ? (String(word.dropLast(suffix.count)), true) : (word, false)
  }

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
