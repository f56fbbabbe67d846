private import KernelSupport
internal import Tensors

extension Variable {
  /// Each picture at another number of rows and columns: (batch, row, column, channel) to
  /// (batch, rows, columns, channel).
  ///
  /// A result is the mean of the pixels around it, weighted by a triangle that reaches one pixel of
  /// the coarser of the two grids: bilinear interpolation where pictures grow, free of aliasing where
  /// they shrink. Gradients go through.
  ///
  /// - Precondition: rows and columns are positive.
  public func resampled(rows: Int, columns: Int) -> Variable {
    let x = value
    let (_, h, w, _) = sizes(of: x)
    guard rows != h || columns != w else { return self }
    return resampled(ResamplingTable(from: h, to: rows), ResamplingTable(from: w, to: columns))
  }

  /// Maps of parts of larger pictures, put where they lie in those: (batch, row, column, channel) to
  /// (batch, rows, columns, channel).
  ///
  /// As ``resampled(rows:columns:)`` inside the part; around it the map's border fades to nothing within
  /// one of its places. Gradients go through.
  ///
  /// - `vertical`, `horizontal`: the part's rows and columns, as shares of the larger picture's.
  /// - Precondition: rows and columns are positive, and the part is not empty.
  public func placed(
    rows: Int, columns: Int, vertical: ClosedRange<Double>, horizontal: ClosedRange<Double>
  ) -> Variable {
    let (_, h, w, _) = sizes(of: value)
    return resampled(
      ResamplingTable(from: h, to: rows, part: vertical),
      ResamplingTable(from: w, to: columns, part: horizontal))
  }

  private func resampled(_ down: ResamplingTable, _ across: ResamplingTable) -> Variable {
    Variable(separably(value, down, across), parents: [self]) { dy, _ in
      [separably(dy, down.transposed, across.transposed)]
    }
  }
}

/// The weights by which each place of one grid is made of places of another.
struct ResamplingTable {
  /// Places of the new grid.
  let count: Int
  /// For each new place the first old one, and the weights of those from there on.
  let terms: [(first: Int, weights: [Float])]
  private let oldCount: Int

  /// Creates the triangle's weights, which sum to 1 for each new place in the part of the new grid that
  /// the old one covers; around it they are the border's, and fall to 0 within one old place.
  init(from old: Int, to new: Int, part: ClosedRange<Double> = 0...1) {
    let extent = part.upperBound - part.lowerBound
    precondition(old > 0 && new > 0 && extent > 0, "\(old) places cannot become \(new)")
    let step = Double(old) / (Double(new) * extent)
    let reach = max(1, step)
    (count, oldCount) = (new, old)
    terms = (0..<new).map { place in
      let position = (Double(place) + 0.5) * step - part.lowerBound * Double(old) / extent
      let middle = min(max(position, 0), Double(old))
      let share = 1 - abs(position - middle)
      guard share > 0 else { return (0, []) }
      let first = max(0, Int(middle - reach))
      let last = min(old, Int(middle + reach) + 1)
      let weights = (first..<last).map { max(0, 1 - abs(Double($0) + 0.5 - middle) / reach) }
      let sum = weights.reduce(0, +)
      return (first, weights.map { Float($0 / sum * share) })
    }
  }

  private init(_ count: Int, _ oldCount: Int, _ terms: [(first: Int, weights: [Float])]) {
    (self.count, self.oldCount, self.terms) = (count, oldCount, terms)
  }

  /// The weights of the way back: those of the transposed matrix.
  var transposed: ResamplingTable {
    var entries = [[(place: Int, weight: Float)]](repeating: [], count: oldCount)
    for (place, term) in terms.enumerated() {
      for (offset, weight) in term.weights.enumerated() where weight != 0 {
        entries[term.first + offset].append((place, weight))
      }
    }
    return ResamplingTable(
      oldCount, count,
      entries.map { entry in
        // The places that an old one reaches are neighbours.
        (entry.first?.place ?? 0, entry.map(\.weight))
      })
  }
}

/// Rows, then columns, picture by picture.
private func separably(_ x: Tensor, _ down: ResamplingTable, _ across: ResamplingTable) -> Tensor {
  let (n, h, w, c) = sizes(of: x)
  let line = w * c
  return x.read { source in
    Tensor(shape: [n, down.count, across.count, c]) { y in
      // Unchecked: each iteration writes its own picture.
      nonisolated(unsafe) let (source, y) = (source, y)
      WorkerPool.shared.forEach(n) { picture in
        withUnsafeTemporaryAllocation(of: Float.self, capacity: line) { row in
          guard let row = row.baseAddress else { return }
          for (index, term) in down.terms.enumerated() {
            row.initialize(repeating: 0, count: line)
            for (offset, weight) in term.weights.enumerated() {
              let from = source + (picture * h + term.first + offset) * line
              for i in 0..<line { row[i] += weight * from[i] }
            }
            let target = y + (picture * down.count + index) * across.count * c
            for (place, term) in across.terms.enumerated() {
              let pixel = target + place * c
              for channel in 0..<c {
                var sum: Float = 0
                for (offset, weight) in term.weights.enumerated() {
                  sum += weight * row[(term.first + offset) * c + channel]
                }
                pixel[channel] = sum
              }
            }
          }
        }
      }
    }
  }
}
