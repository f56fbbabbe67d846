public import KernelSupport
private import Glibc

/// exp x for −87 ≤ x ≤ 88, clamped outside; relative error below 2e-7.
///
/// x = n · ln 2 + r; exp x = 2ⁿ · exp r, with a polynomial for |r| ≤ ½ ln 2.
///
/// Reference: Moshier, "Methods and Programs for Mathematical Functions", 1989 (Cephes, expf).
@inline(__always)
func exponential(_ x: Vector) -> Vector {
  let x = x.clamped(lowerBound: splat(-87), upperBound: splat(88))
  // Adding 1.5 · 2²³ rounds to a whole number and leaves it in the low bits.
  let magic = splat(12_582_912)
  let shifted = x * splat(1.442_695_04) + magic
  let n = shifted - magic
  let r = x - n * splat(0.693_359_375) - n * splat(-2.121_944_4e-4)
  var p = splat(1.987_569_15e-4)
  p = p * r + splat(1.398_199_95e-3)
  p = p * r + splat(8.333_451_9e-3)
  p = p * r + splat(4.166_579_6e-2)
  p = p * r + splat(1.666_666_55e-1)
  p = p * r + splat(5.000_000_1e-1)
  p = p * r * r + r + splat(1)
  let power = unsafeBitCast(shifted, to: Vector.MaskStorage.self) &<< 23
  return unsafeBitCast(unsafeBitCast(p, to: Vector.MaskStorage.self) &+ power, to: Vector.self)
}

/// tanh x: a polynomial below 0.625, 1 − 2 / (exp 2|x| + 1) above (Cephes, tanhf).
@inline(__always)
private func tangent(_ x: Vector) -> Vector {
  let z = x * x
  var p = splat(-5.704_988_7e-3)
  p = p * z + splat(2.063_908_9e-2)
  p = p * z + splat(-5.373_971_6e-2)
  p = p * z + splat(1.333_144_2e-1)
  p = p * z + splat(-3.333_328_2e-1)
  let small = p * z * x + x
  let size = x.replacing(with: -x, where: x .< splat(0))
  let large = splat(1) - splat(2) / (exponential(size + size) + splat(1))
  let signed = large.replacing(with: -large, where: x .< splat(0))
  return signed.replacing(with: small, where: size .< splat(0.625))
}

extension Kernels {
  public func hyperbolicTangent(_ x: Source, _ count: Int, into y: Destination) {
    eachPiece(count) { first, count in
      eachVector(count) { i, few in
        storeSome(
          tangent(loadSome(x + first + i, few)), y + first + i, few)
      }
    }
  }

  public func softmax(
    _ logits: Destination, rows: Int, columns: Int, logSums: UnsafeMutablePointer<Double>
  ) {
    WorkerPool.shared.forEachUnchecked(rows) { row in
      let p = logits + row * columns
      var largest = -Float.infinity
      var top = splat(-Float.infinity)
      for i in stride(from: 0, to: columns - lanes + 1, by: lanes) {
        top = larger(top, load(p + i))
      }
      for lane in 0..<lanes { largest = max(largest, top[lane]) }
      for i in columns / lanes * lanes..<columns { largest = max(largest, p[i]) }
      var sum = 0.0
      let shift = splat(largest)
      eachVector(columns) { i, few in
        let e = exponential(loadSome(p + i, few) - shift)
        storeSome(e, p + i, few)
        // Lanes beyond the row's end hold no terms.
        if few == lanes { sum += Double(e.sum()) } else { for j in 0..<few { sum += Double(e[j]) } }
      }
      let inverse = splat(Float(1 / sum))
      eachVector(columns) { i, few in storeSome(loadSome(p + i, few) * inverse, p + i, few) }
      logSums[row] = Double(largest) + log(sum)
    }
  }
}
