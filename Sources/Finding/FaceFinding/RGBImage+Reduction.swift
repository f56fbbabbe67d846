package import Geometry
package import Images

extension RGBImage {
  /// The picture at `scale` ≤ 1 of its size, and the scale; edges keep their places.
  ///
  /// Large pictures are averaged over whole blocks first, which keeps the time short and the memory
  /// small.
  func reduced(by scale: Double) -> (picture: RGBImage, scale: Double) {
    guard scale < 1 else { return (self, 1) }
    let block = max(1, min(Int(1 / scale), min(width, height) / 8))
    let coarse = block > 1 ? boxReduced(by: block) : self
    let rest = scale * Double(block)
    guard rest < 0.999 else { return (coarse, 1 / Double(block)) }
    let shift = (rest - 1) / 2
    let small = coarse.warped(
      by: SimilarityTransform(a: rest, b: 0, shiftX: shift, shiftY: shift),
      width: max(1, Int(Double(coarse.width) * rest)),
      height: max(1, Int(Double(coarse.height) * rest)))
    return (small, scale)
  }

  /// The same as `warped`, quicker where `transform` shrinks: blocks are averaged first, those alone that
  /// the result sees.
  ///
  /// - `rest`: by what factor blocks, at least, are still made smaller; a larger one is smoother.
  /// - Precondition: `transform` is invertible.
  package func moved(
    by transform: SimilarityTransform, width: Int, height: Int, rest: Double = 1
  ) -> RGBImage {
    let block = min(Int(1 / (transform.scale * rest)), min(self.width, self.height) / 8)
    guard block > 1 else { return warped(by: transform, width: width, height: height) }
    let (columns, rows) = blocks(of: block, seenBy: transform.inverse, width, height)
    let (factor, middle) = (Double(block), Double(block - 1) / 2)
    let spread = SimilarityTransform(
      a: factor, b: 0, shiftX: middle + factor * Double(columns.lowerBound),
      shiftY: middle + factor * Double(rows.lowerBound))
    return boxReduced(by: block, columns: columns, rows: rows)
      .warped(by: spread.followed(by: transform), width: width, height: height)
  }

  /// The columns and rows of blocks that a picture of width × height pixels is made of.
  ///
  /// - `back`: from its pixels to this picture's.
  private func blocks(
    of block: Int, seenBy back: SimilarityTransform, _ width: Int, _ height: Int
  ) -> (columns: Range<Int>, rows: Range<Int>) {
    let sides = [(-0.5, -0.5), (0.5, -0.5), (-0.5, 0.5), (0.5, 0.5)].map { corner in
      back.applied(
        x: (corner.0 + 0.5) * Double(width) - 0.5, y: (corner.1 + 0.5) * Double(height) - 0.5)
    }
    /// With a block more at each end, between whose middles and these the result lies.
    func range(_ places: [Double], of count: Int) -> Range<Int> {
      let blocks = places.map { ($0 + 0.5) / Double(block) }
      let (first, last) = (blocks.min() ?? 0, blocks.max() ?? 0)
      let lower = Int(max(0, min(first - 1, Double(count - 1))))
      let upper = Int(max(0, min(last + 2, Double(count))))
      return lower..<max(lower + 1, upper)
    }
    return (
      range(sides.map { $0.x }, of: self.width / block),
      range(sides.map { $0.y }, of: self.height / block)
    )
  }

  /// The picture of the means of whole blocks; columns and rows that fill no block are left out.
  ///
  /// - Precondition: there is at least one block.
  func boxReduced(by block: Int) -> RGBImage {
    boxReduced(by: block, columns: 0..<width / block, rows: 0..<height / block)
  }

  /// The means of some blocks.
  ///
  /// - Precondition: there are such blocks, and at least one.
  func boxReduced(by block: Int, columns: Range<Int>, rows: Range<Int>) -> RGBImage {
    // The sum of so many bytes fits into two, and twice as many sums into a register.
    block <= 257
      ? boxReduced(by: block, columns, rows, sum: UInt16.self)
      : boxReduced(by: block, columns, rows, sum: UInt32.self)
  }

  private func boxReduced<Sum: FixedWidthInteger & UnsignedInteger>(
    by block: Int, _ columns: Range<Int>, _ rows: Range<Int>, sum: Sum.Type
  ) -> RGBImage {
    precondition(
      !columns.isEmpty && !rows.isEmpty && columns.upperBound * block <= width
        && rows.upperBound * block <= height,
      "no blocks \(columns) and \(rows) of \(block) in \(width)×\(height) pixels")
    let area = UInt32(block * block)
    let (count, stride) = (columns.count * block * 3, width * 3)
    let means = [UInt8](unsafeUninitializedCapacity: columns.count * rows.count * 3) {
      means, filled in
      pixels.withUnsafeBufferPointer { pixels in
        withUnsafeTemporaryAllocation(of: Sum.self, capacity: count) { sums in
          guard let pixels = pixels.baseAddress, let sums = sums.baseAddress,
            var mean = means.baseAddress
          else { return }
          for row in rows {
            // Down the rows first, many columns at once; then along them.
            let first = pixels + row * block * stride + columns.lowerBound * block * 3
            for i in 0..<count { (sums + i).initialize(to: Sum(truncatingIfNeeded: first[i])) }
            for line in 1..<block {
              let next = first + line * stride
              for i in 0..<count { sums[i] &+= Sum(truncatingIfNeeded: next[i]) }
            }
            var column = sums
            for _ in columns {
              var (red, green, blue) = (area / 2, area / 2, area / 2)
              for _ in 0..<block {
                red &+= UInt32(truncatingIfNeeded: column[0])
                green &+= UInt32(truncatingIfNeeded: column[1])
                blue &+= UInt32(truncatingIfNeeded: column[2])
                column += 3
              }
              mean.initialize(to: UInt8(truncatingIfNeeded: red / area))
              (mean + 1).initialize(to: UInt8(truncatingIfNeeded: green / area))
              (mean + 2).initialize(to: UInt8(truncatingIfNeeded: blue / area))
              mean += 3
            }
          }
        }
      }
      filled = columns.count * rows.count * 3
    }
    return RGBImage(width: columns.count, height: rows.count, pixels: means)
  }
}
