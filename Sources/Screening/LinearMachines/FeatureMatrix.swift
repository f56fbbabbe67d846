/// Feature vectors of equal length, one per row.
public struct FeatureMatrix: Equatable, Sendable {
  /// The number of vectors.
  public let rows: Int
  /// The number of features per vector.
  public let columns: Int
  /// The features, row by row.
  public private(set) var elements: [Float]

  /// Creates a matrix from its elements, row by row.
  ///
  /// - Precondition: `elements.count == rows * columns`.
  public init(rows: Int, columns: Int, elements: [Float]) {
    precondition(
      rows >= 0 && columns >= 0 && elements.count == rows * columns,
      "\(elements.count) elements cannot fill \(rows) rows of \(columns)")
    (self.rows, self.columns, self.elements) = (rows, columns, elements)
  }

  /// Creates a matrix from its rows.
  ///
  /// - Precondition: at least one row, all of one length.
  public init(_ rows: [[Float]]) {
    let columns = rows.first?.count ?? 0
    precondition(!rows.isEmpty, "a matrix without rows")
    precondition(rows.allSatisfy { $0.count == columns }, "rows of different lengths")
    self.init(rows: rows.count, columns: columns, elements: rows.flatMap(\.self))
  }

  /// The features of one vector.
  public subscript(row row: Int) -> ArraySlice<Float> {
    precondition((0..<rows).contains(row), "row \(row) of \(rows)")
    return elements[row * columns..<(row + 1) * columns]
  }

  /// Returns the matrix of these rows, in this order.
  public func selecting(rows: [Int]) -> FeatureMatrix {
    var selected: [Float] = []
    selected.reserveCapacity(rows.count * columns)
    for row in rows { selected.append(contentsOf: self[row: row]) }
    return FeatureMatrix(rows: rows.count, columns: columns, elements: selected)
  }

  /// Replaces each element by what `transform` makes of its column and value.
  mutating func transform(_ transform: (_ column: Int, _ value: Float) -> Float) {
    for row in 0..<rows {
      for column in 0..<columns {
        elements[row * columns + column] = transform(column, elements[row * columns + column])
      }
    }
  }

  /// Throws at the first element that is NaN or infinite.
  func requireFinite() throws(SupportVectorMachineError) {
    if let index = elements.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(row: index / columns, column: index % columns)
    }
  }
}
