internal import CLinear

/// The rows of a matrix as liblinear wants them: index from 1, value; the end marked by index −1.
///
/// Zeros cost no memory, other features 16 bytes each. The constant feature of the bias is written
/// out, because liblinear expects it in the rows.
///
/// Unchecked: the nodes are written when the examples are created and only read afterwards, by any
/// number of solvers.
final class SparseExamples: @unchecked Sendable {
  /// The length of every vector, without the constant.
  let columns: Int
  private let nodes: UnsafeMutablePointer<feature_node>
  private let rowStarts: [Int]

  /// Copies a matrix.
  init(_ features: FeatureMatrix) {
    columns = features.columns
    let count = features.elements.count { $0 != 0 } + 2 * features.rows
    nodes = .allocate(capacity: count)
    var next = 0
    var rowStarts: [Int] = []
    for row in 0..<features.rows {
      rowStarts.append(next)
      for (column, value) in features[row: row].enumerated() where value != 0 {
        nodes[next] = feature_node(index: Int32(column + 1), value: Double(value))
        next += 1
      }
      nodes[next] = feature_node(index: Int32(features.columns + 1), value: 1)
      nodes[next + 1] = feature_node(index: -1, value: 0)
      next += 2
    }
    self.rowStarts = rowStarts
  }

  deinit { nodes.deallocate() }

  /// Where rows begin; valid while the examples live.
  func pointers(rows: [Int]) -> [UnsafeMutablePointer<feature_node>?] {
    rows.map { nodes.advanced(by: rowStarts[$0]) }
  }
}
