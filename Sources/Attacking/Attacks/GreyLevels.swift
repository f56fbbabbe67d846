internal import Images

/// Grey levels as numbers: sums and roundings over the 49,152 values of a face.
///
/// Sums have sixteen lanes in a fixed order, so that they are fast and always the same.
enum GreyLevels {
  /// Σ aᵢ bᵢ.
  static func dot(_ a: [Float], _ b: [Float]) -> Double {
    precondition(a.count == b.count, "\(a.count) and \(b.count) grey levels")
    return a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        sum(
          a.count, wide: { load(a, $0) * load(b, $0) }, narrow: { a[$0] * b[$0] })
      }
    }
  }

  /// a + factor · b.
  static func adding(_ a: [Float], _ b: [Float], times factor: Float) -> [Float] {
    precondition(a.count == b.count, "\(a.count) and \(b.count) grey levels")
    return [Float](unsafeUninitializedCapacity: a.count) { result, count in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          for i in 0..<a.count { result[i] = a[i] + factor * b[i] }
        }
      }
      count = a.count
    }
  }

  /// The grey levels of a picture.
  static func of(_ picture: RGBImage) -> [Float] { picture.pixels.map { Float($0) } }

  /// The 8-bit picture nearest to grey levels.
  static func picture(_ levels: [Float], like picture: RGBImage) -> RGBImage {
    let pixels = [UInt8](unsafeUninitializedCapacity: levels.count) { result, count in
      levels.withUnsafeBufferPointer { levels in
        for i in 0..<levels.count { result[i] = UInt8(nearest(levels[i])) }
      }
      count = levels.count
    }
    return RGBImage(width: picture.width, height: picture.height, pixels: pixels)
  }

  /// Numbers of blocks, (rows, columns, 3), repeated at each of a block's pixels.
  static func blocks(
    _ values: [Float], of block: Int, columns: Int, like picture: RGBImage
  ) -> [Float] {
    picture.pixels.indices.map { i in
      let (pixel, channel) = (i / 3, i % 3)
      let (y, x) = (pixel / picture.width / block, pixel % picture.width / block)
      return values[(y * columns + x) * 3 + channel]
    }
  }

  /// The nearest of 0…255.
  @inline(__always) static func nearest(_ x: Float) -> Float {
    (min(255, max(0, x)) + magic) - magic
  }

  /// Σ −gᵢ (nearest(aᵢ − λ gᵢ) − presentᵢ): what a linear model promises for a rounded step.
  static func promise(
    _ lambda: Float, _ g: [Float], from a: [Float], present: [Float]
  ) -> Double {
    precondition(g.count == a.count && g.count == present.count, "pictures of different sizes")
    return g.withUnsafeBufferPointer { g in
      a.withUnsafeBufferPointer { a in
        present.withUnsafeBufferPointer { present in
          sum(
            g.count,
            wide: { i in
              let slope = load(g, i)
              let moved = load(a, i) - lambda * slope
              let risen = moved.replacing(with: 0, where: moved .< 0)
              let inside = risen.replacing(with: 255, where: risen .> 255)
              return slope * (load(present, i) - ((inside + magic) - magic))
            }, narrow: { g[$0] * (present[$0] - nearest(a[$0] - lambda * g[$0])) })
        }
      }
    }
  }

  /// Adding and taking away 1.5 · 2²³ leaves the nearest whole number.
  private static let magic: Float = 12_582_912

  @inline(__always) private static func load(
    _ numbers: UnsafeBufferPointer<Float>, _ place: Int
  ) -> SIMD16<Float> {
    UnsafeRawBufferPointer(numbers).loadUnaligned(
      fromByteOffset: place * 4, as: SIMD16<Float>.self)
  }

  @inline(__always) private static func sum(
    _ count: Int, wide: (Int) -> SIMD16<Float>, narrow: (Int) -> Float
  ) -> Double {
    var lanes = SIMD16<Float>.zero
    var place = 0
    while place + 16 <= count {
      lanes += wide(place)
      place += 16
    }
    var total = 0.0
    for lane in 0..<16 { total += Double(lanes[lane]) }
    while place < count {
      total += Double(narrow(place))
      place += 1
    }
    return total
  }
}
