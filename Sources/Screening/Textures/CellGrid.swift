/// How a plane of codes is divided into cells.
public enum CellGrid: Hashable, Sendable, Codable {
  /// So many cells across and down.
  ///
  /// Cell `i` of `n` begins at ⌊i·length/n⌋: sides differ by at most one, all codes are used.
  case cells(columns: Int, rows: Int)
  /// Cells of this many codes; what remains at the right and lower edge is left out.
  case pixels(width: Int, height: Int)

  /// The beginnings of all cells along both axes, and the ends of the last ones.
  ///
  /// - Precondition: every cell holds at least one code, and there is at least one cell.
  func edges(width: Int, height: Int) -> (x: [Int], y: [Int]) {
    switch self {
    case .cells(let columns, let rows):
      precondition(
        (1...width).contains(columns) && (1...height).contains(rows),
        "\(columns)×\(rows) cells do not fit \(width)×\(height) codes")
      return (
        (0...columns).map { $0 * width / columns }, (0...rows).map { $0 * height / rows }
      )
    case .pixels(let cellWidth, let cellHeight):
      precondition(
        (1...width).contains(cellWidth) && (1...height).contains(cellHeight),
        "cells of \(cellWidth)×\(cellHeight) do not fit \(width)×\(height) codes")
      return (
        Array(stride(from: 0, through: width, by: cellWidth)),
        Array(stride(from: 0, through: height, by: cellHeight))
      )
    }
  }
}
