import SeededRandom
import Testing

@testable import Experiments

@Suite struct KernelRidgeTests {
  @Test("a linear relation is found from fewer rows than columns, and the mean where none is")
  func linear() throws {
    var random = SplitMix64(seed: 2)
    // Forty columns that all follow three numbers.
    let mixing = (0..<40).map { _ in (0..<3).map { _ in random.normal() } }
    func example() -> (row: [Float], targets: [Double]) {
      let source = (0..<3).map { _ in random.normal() }
      let row = mixing.map { weights in zip(weights, source).reduce(5) { $0 + $1.0 * $1.1 } }
      return (row + [7], [Double(2 * source[0] - source[1]) + 10, 4])
    }
    let (learnt, asked) = ((0..<24).map { _ in example() }, (0..<50).map { _ in example() })
    let ridge = try KernelRidge(rows: learnt.map(\.row), penalty: 1e-3)
    let told = try ridge.predictions(
      of: asked.map(\.row),
      fittedTo: [0, 1].map { target in learnt.map { $0.targets[target] } })
    for (place, example) in asked.enumerated() {
      #expect(abs(told[0][place] - example.targets[0]) < 0.05)
      #expect(abs(told[1][place] - 4) < 1e-9)
    }
  }

  @Test("a large penalty leaves the mean") func penalty() throws {
    let ridge = try KernelRidge(rows: [[0, 1], [1, 0], [2, 5]], penalty: 1e9)
    let told = try ridge.predictions(of: [[9, 9]], fittedTo: [[1, 2, 6]])
    #expect(abs(told[0][0] - 3) < 1e-6)
  }
}
