public import KernelSupport

/// Calls `body` for each row, several rows at a time on each thread.
@inline(__always)
private func eachRow(_ rows: Int, _ body: (Int) -> Void) {
  let block = 16
  WorkerPool.shared.forEachUnchecked((rows + block - 1) / block) { index in
    for row in index * block..<min(rows, (index + 1) * block) { body(row) }
  }
}

/// ⟨x, y⟩ of two rows, in sixteen sums and then in double precision.
@inline(__always)
private func product(_ x: Source, _ y: Source, _ count: Int) -> Double {
  var sums = splat(0)
  eachVector(count) { i, few in multiplyAdd(&sums, loadSome(x + i, few), loadSome(y + i, few)) }
  var total = 0.0
  for lane in 0..<lanes { total += Double(sums[lane]) }
  return total
}

extension Kernels {
  public func inverseRowLengths(
    _ x: Source, rows: Int, columns: Int, into inverse: Destination
  ) {
    eachRow(rows) { row in
      let length = product(x + row * columns, x + row * columns, columns).squareRoot()
      inverse[row] = length > 1e-12 ? Float(1 / length) : 0
    }
  }

  public func scaleRows(
    _ x: Source, rows: Int, columns: Int, by factors: Source, into y: Destination
  ) {
    eachRow(rows) { row in
      let factor = splat(factors[row])
      eachVector(columns) { i, few in
        let place = row &* columns &+ i
        storeSome(loadSome(x + place, few) * factor, y + place, few)
      }
    }
  }

  public func unitRowsGradient(
    _ y: Source, _ dy: Source, rows: Int, columns: Int, inverseLengths: Source,
    into dx: Destination
  ) {
    eachRow(rows) { row in
      let start = row * columns
      let along = splat(Float(product(y + start, dy + start, columns)))
      let inverse = splat(inverseLengths[row])
      eachVector(columns) { i, few in
        let place = start &+ i
        let g = loadSome(dy + place, few) - loadSome(y + place, few) * along
        storeSome(g * inverse, dx + place, few)
      }
    }
  }
}
