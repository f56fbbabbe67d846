import LinearAlgebra
import SeededRandom
import Testing

@Suite struct LinearAlgebraTests {
  /// M · Mᵀ + 1, positive definite, and a vector.
  private func system(_ side: Int) -> (matrix: [[Double]], solution: [Double]) {
    var random = SplitMix64(seed: UInt64(side))
    func row() -> [Double] { (0..<side).map { _ in Double(random.normal()) } }
    let m = (0..<side).map { _ in row() }
    let matrix = (0..<side).map { i in
      (0..<side).map { j in
        zip(m[i], m[j]).reduce(i == j ? 1 : 0) { $0 + $1.0 * $1.1 }
      }
    }
    return (matrix, row())
  }

  @Test("systems are solved, of several right sides at once", arguments: [1, 2, 7, 40, 301])
  func solutions(_ side: Int) throws {
    let (matrix, x) = system(side)
    let y = try MatrixProduct.rows(matrix, x.map { [$0] }).map { $0[0] }
    for (row, value) in zip(matrix, y) {
      #expect(abs(zip(row, x).reduce(0) { $0 + $1.0 * $1.1 } - value) < 1e-9 * Double(side))
    }
    let factor = try CholeskyFactor(matrix)
    #expect(factor.side == side)
    let found = factor.solutions(of: [y, y.map { 2 * $0 }])
    for i in 0..<side {
      #expect(abs(found[0][i] - x[i]) < 1e-8 && abs(found[1][i] - 2 * x[i]) < 1e-8)
    }
    #expect(factor.solutions(of: []) == [])
  }

  @Test("what is above the diagonal is not read") func triangle() throws {
    var (matrix, _) = system(5)
    let whole = try CholeskyFactor(matrix).solutions(of: [[1, 2, 3, 4, 5]])
    for i in 0..<5 { for j in i + 1..<5 { matrix[i][j] = .nan } }
    #expect(try CholeskyFactor(matrix).solutions(of: [[1, 2, 3, 4, 5]]) == whole)
  }

  @Test("the same system gives the same bits, whoever asks beside") func repeated() async throws {
    let (matrix, x) = system(150)
    let first = try CholeskyFactor(matrix).solutions(of: [x])
    try await withThrowingTaskGroup(of: [[Double]].self) { group in
      for _ in 0..<8 { group.addTask { try CholeskyFactor(matrix).solutions(of: [x]) } }
      for try await found in group { #expect(found == first) }
    }
  }

  @Test("a matrix that is not positive definite is refused, and the minor told") func refusal() {
    #expect(throws: LinearAlgebraError.notPositive(minor: 2)) {
      try CholeskyFactor([[1, 0, 0], [2, 1, 0], [0, 0, 1]])
    }
  }

  @Test("products of any sizes, also of nothing") func products() throws {
    #expect(
      try MatrixProduct.rows([[1, 2], [3, 4], [5, 6]], [[1, 0, 2], [0, 1, 1]]) == [
        [1, 2, 4], [3, 4, 10], [5, 6, 16],
      ])
    #expect(try MatrixProduct.rows([], [[1]]) == [])
    #expect(try MatrixProduct.rows([[1]], [[]]) == [[]])
  }
}
