internal import Tensors

/// Why a saved state is not that of an optimiser for some parameters.
public enum OptimizerStateError: Error, Equatable, CustomStringConvertible {
  /// There is no tensor of this name.
  case missing(String)
  /// A tensor has another shape than its parameter.
  case wrongShape(name: String, expected: [Int], found: [Int])
  /// A tensor belongs to no parameter.
  case unexpected(String)
  /// A count of steps that no training reaches.
  case impossibleSteps(Int)

  public var description: String {
    switch self {
    case .missing(let name): "the optimiser's state has no tensor '\(name)'"
    case .wrongShape(let name, let expected, let found):
      "the optimiser's tensor '\(name)' has shape \(found); expected \(expected)"
    case .unexpected(let name):
      "the optimiser's tensor '\(name)' belongs to no parameter of the network"
    case .impossibleSteps(let steps):
      "the optimiser has taken \(steps) steps; expected 0 to \(mostSteps)"
    }
  }
}

/// More steps than any training takes; far below what overflows.
private let mostSteps = 1 << 40

extension ParameterTable {
  /// Checks that this is an optimiser's state after `steps` steps on the trained parameters of `table`:
  /// for each of them one tensor of the same shape a suffix, and nothing else; nothing at all before
  /// the first step.
  func check(
    steps: Int, suffixes: [String], matching table: ParameterTable
  ) throws(OptimizerStateError) {
    guard (0...mostSteps).contains(steps) else { throw .impossibleSteps(steps) }
    var unclaimed = Set(names)
    for name in steps == 0 ? [] : table.trainableNames {
      for suffix in suffixes {
        guard let found = self[name + suffix] else { throw .missing(name + suffix) }
        let shape = table[name]?.shape ?? []
        guard found.shape == shape else {
          throw .wrongShape(name: name + suffix, expected: shape, found: found.shape)
        }
        unclaimed.remove(name + suffix)
      }
    }
    if let name = unclaimed.min() { throw .unexpected(name) }
  }
}
