private import LinearMachines
public import NeuralNetworks
private import Tensors

extension AdversarialDetector {
  public func logOdds(_ features: [FeatureGroup: Variable]) -> Variable {
    let values = parts.map { part -> Variable in
      let columns = part.groups.map { group -> Variable in
        guard let own = features[group] else { preconditionFailure("no features of \(group)") }
        return own
      }
      let joined = columns.dropFirst().reduce(columns[0]) { $0.joined(columnsOf: $1) }
      // w · ((x − shift) factor) + b, as one product.
      let weights = part.machine.weights.enumerated().map {
        Float($1) * (part.scaler?.factors[$0] ?? 1)
      }
      let offset = zip(weights, part.scaler?.shifts ?? []).reduce(part.machine.bias) {
        $0 - Double($1.0) * Double($1.1)
      }
      return Self.linear(joined, weights, bias: Float(offset))
    }
    let odds = Self.linear(
      values.joinedColumns(), fusion.weights.map { Float($0) }, bias: Float(fusion.bias))
    return odds.reshaped([odds.value.shape[0]])
  }

  private static func linear(_ x: Variable, _ weights: [Float], bias: Float) -> Variable {
    x.dense(
      Variable(Tensor(weights, shape: [weights.count, 1])),
      bias: Variable(Tensor([bias], shape: [1])))
  }
}
