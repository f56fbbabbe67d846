internal import Embedders
private import LinearAlgebra
internal import Tensors

extension FaceEmbedder {
  /// The dense layer from f_C, as the network gives it, to the smallest f_I that has it; nil for networks from
  /// elsewhere.
  ///
  /// f_C = f_I·W + b, so that f_I = (f_C − b)(WᵀW)⁻¹Wᵀ is the projection of each f_I that has this f_C onto
  /// what f_C sees. `weight` is (embedding, identity), `bias` (identity).
  ///
  /// - Throws: `LinearAlgebraError`.
  func smallestIdentity() throws -> (weight: Tensor, bias: Tensor)? {
    guard architecture != nil, let W = parameters["embedding.weight"],
      let b = parameters["embedding.bias"]
    else { return nil }
    let (rows, columns) = (W.shape[0], W.shape[1])
    let places = W.numbers.map(Double.init)
    let lines = (0..<rows).map { Array(places[$0 * columns..<($0 + 1) * columns]) }
    let solved = try CholeskyFactor(Self.products(of: lines)).solutions(of: lines)
    var weight = [Float](repeating: 0, count: rows * columns)
    var bias: [Float] = []
    for (row, solution) in solved.enumerated() {
      var sum = 0.0
      for (column, number) in solution.enumerated() {
        weight[column * rows + row] = Float(number)
        sum += number * Double(b.numbers[column])
      }
      bias.append(Float(-sum))
    }
    return (Tensor(weight, shape: [columns, rows]), Tensor(bias, shape: [rows]))
  }

  /// WᵀW of the rows of W, below the diagonal and on it.
  private static func products(of rows: [[Double]]) -> [[Double]] {
    let side = rows.first?.count ?? 0
    var products = [[Double]](repeating: [Double](repeating: 0, count: side), count: side)
    for row in rows {
      for i in 0..<side {
        let own = row[i]
        for j in 0...i { products[i][j] += own * row[j] }
      }
    }
    // A little more on the diagonal than there is: a network without enough rows has no inverse.
    let trace = (0..<side).reduce(0.0) { $0 + products[$1][$1] }
    for i in 0..<side { products[i][i] += 1e-6 * trace / Double(side) + 1e-12 }
    return products
  }
}
