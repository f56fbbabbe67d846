extension LocalBinaryPattern {
  /// Computes the code of every pixel that has all its neighbours.
  ///
  /// | plane    | shape (row, column)                               | range |
  /// |----------|---------------------------------------------------|-------|
  /// | `pixels` | `height`, `width`                                 | 0…255 |
  /// | codes    | `height − 2·margin`, `width − 2·margin`           | 0…255 |
  ///
  /// - Precondition: `pixels.count == width * height`, both sides longer than `2 * margin`.
  public func codes(pixels: [UInt8], width: Int, height: Int) -> CodePlane {
    let margin = margin
    precondition(
      pixels.count == width * height, "\(pixels.count) pixels are not \(width)×\(height)")
    precondition(
      min(width, height) > 2 * margin, "\(width)×\(height) pixels with margin \(margin)")
    let (columns, rows) = (width - 2 * margin, height - 2 * margin)
    let neighbours = neighbours
    let codes = [UInt8](unsafeUninitializedCapacity: columns * rows) { codes, count in
      codes.initialize(repeating: 0)
      pixels.withUnsafeBufferPointer { pixels in
        // Both planes are non-empty, so both have an address.
        guard let source = pixels.baseAddress, let target = codes.baseAddress else { return }
        for row in 0..<rows {
          let centre = source + (row + margin) * width + margin
          for (bit, neighbour) in neighbours.enumerated() {
            let corner = centre + neighbour.y * width + neighbour.x
            let code = target + row * columns
            if neighbour.isPixel {
              addBit(1 << bit, where: corner, centre, to: code, count: columns)
            } else {
              addBit(
                1 << bit, where: corner, corner + width, neighbour.weights, centre, to: code,
                count: columns)
            }
          }
        }
      }
      count = columns * rows
    }
    return CodePlane(width: columns, height: rows, codes: codes)
  }
}

/// Sets `bit` in each code whose neighbouring pixel is at least as bright as the centre.
private func addBit(
  _ bit: UInt8, where neighbour: UnsafePointer<UInt8>, _ centre: UnsafePointer<UInt8>,
  to code: UnsafeMutablePointer<UInt8>, count: Int
) {
  for x in 0..<count { code[x] |= neighbour[x] >= centre[x] ? bit : 0 }
}

/// Sets `bit` in each code whose interpolated neighbour is at least as bright as the centre.
private func addBit(
  _ bit: UInt8, where upper: UnsafePointer<UInt8>, _ lower: UnsafePointer<UInt8>,
  _ weights: (Int32, Int32, Int32, Int32), _ centre: UnsafePointer<UInt8>,
  to code: UnsafeMutablePointer<UInt8>, count: Int
) {
  for x in 0..<count {
    // At most 255 · 65536, far inside 32 bits.
    let sum =
      Int32(upper[x]) &* weights.0 &+ Int32(upper[x + 1]) &* weights.1
      &+ Int32(lower[x]) &* weights.2 &+ Int32(lower[x + 1]) &* weights.3
    code[x] |= sum >= Int32(centre[x]) &* Neighbour.one ? bit : 0
  }
}
