private import COpenBLAS
public import KernelSupport

/// Another set of kernels with its products of matrices taken over by OpenBLAS.
///
/// It is for comparison, and for processors that OpenBLAS knows better than the set does: the numbers of a
/// row of a product depend, in the last bits, on how many rows there are beside it, because OpenBLAS
/// sums the rows at a block's edge in another order on some processors. So the guarantee that
/// `KernelSet` gives for one picture of a batch does not hold, and nothing uses it that was not asked to.
/// Results are independent of the number of threads: rows are divided the same way for any.
public struct OpenBLASKernels: KernelSet {
  /// The kernels for all but products.
  let base: any KernelSet

  /// The suffix of the name.
  public static let suffix = "+openblas"

  /// Takes over the products of a set; nil if OpenBLAS cannot be loaded.
  public init?(_ base: any KernelSet) {
    guard Self.unavailable == nil else { return nil }
    self.base = base
  }

  /// Why OpenBLAS cannot be loaded; nil if it is.
  public static var unavailable: String? {
    facewarden_openblas_unavailable().map { String(cString: $0) }
  }

  /// The set's name with the suffix, for example `baseline+openblas`.
  public var name: String { base.name + Self.suffix }
  /// That of the set below, whose packed panels these are.
  public var panelWidth: Int { base.panelWidth }

  /// Rows of a product that one call computes.
  private static let block = 64
  /// Fewer rows than these are not worth unpacking the panels.
  private static let fewest = 8

  public func multiply(
    _ a: Source, rows: Int, depth: Int, panels: Source, columns: Int, bias: Source?,
    slope: Float, into c: Destination
  ) {
    guard rows >= Self.fewest else {
      return base.multiply(
        a, rows: rows, depth: depth, panels: panels, columns: columns, bias: bias, slope: slope,
        into: c)
    }
    product(a, rows: rows, depth: depth, panels: panels, columns: columns, into: c) { c, rows in
      for row in 0..<rows {
        let c = c + row * columns
        if let bias { for j in 0..<columns { c[j] += bias[j] } }
        if slope != 1 { for j in 0..<columns where c[j] < 0 { c[j] *= slope } }
      }
    }
  }

  public func multiply(
    _ a: Source, rows: Int, depth: Int, panels: Source, columns: Int,
    _ epilogue: ChannelEpilogue, into c: Destination
  ) {
    guard rows >= Self.fewest else {
      return base.multiply(
        a, rows: rows, depth: depth, panels: panels, columns: columns, epilogue, into: c)
    }
    product(a, rows: rows, depth: depth, panels: panels, columns: columns, into: c) { _, _ in }
    base.activate(c, rows: rows, channels: columns, epilogue, into: c)
  }

  /// c = a · b in blocks of rows, each followed by `finish`.
  private func product(
    _ a: Source, rows: Int, depth: Int, panels: Source, columns: Int, into c: Destination,
    finish: (_ c: Destination, _ rows: Int) -> Void
  ) {
    let width = panelWidth
    BufferPool.withScratch(depth * columns) { b in
      WorkerPool.shared.forEachUnchecked((columns + width - 1) / width) { strip in
        let first = strip * width
        let few = min(width, columns - first)
        let panel = panels + first * depth
        for k in 0..<depth {
          for j in 0..<few { b[k &* columns &+ first &+ j] = panel[k &* width &+ j] }
        }
      }
      WorkerPool.shared.forEachUnchecked((rows + Self.block - 1) / Self.block) { index in
        let first = index * Self.block
        let count = min(Self.block, rows - first)
        facewarden_openblas_sgemm(
          0, Int32(count), Int32(columns), Int32(depth), a + first * depth, Int32(depth), b,
          Int32(columns), c + first * columns, Int32(columns))
        finish(c + first * columns, count)
      }
    }
  }

  public func multiplyTransposed(
    _ a: Source, rows: Int, depth: Int, _ b: Source, columns: Int, into c: Destination
  ) {
    WorkerPool.shared.forEachUnchecked((rows + Self.block - 1) / Self.block) { index in
      let first = index * Self.block
      facewarden_openblas_sgemm(
        1, Int32(min(Self.block, rows - first)), Int32(columns), Int32(depth), a + first,
        Int32(rows), b, Int32(columns), c + first * columns, Int32(columns))
    }
  }
}
