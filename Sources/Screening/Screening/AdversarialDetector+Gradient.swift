private import LinearMachines
public import NeuralNetworks
private import Tensors

extension AdversarialDetector {
  /// The log-odds of tampering, (batch), of faces (batch, side, side, 3) in −1…1 as a variable: what an
  /// attacker who knows the detector descends.
  ///
  /// Values are those that decide, up to rounding; see ``FeatureExtractor`` for what gradients go by.
  ///
  /// - Precondition: the extractor computes all groups of the detector's parts.
  public func logOdds(of faces: Variable, by extractor: FeatureExtractor) -> Variable {
    logOdds(of: extractor.traces(of: faces))
  }

  /// The same of what was computed of faces.
  func logOdds(of traces: FeatureExtractor.Traces) -> Variable {
    let batch = traces.own.value.shape[0]
    let values = parts.map { part -> Variable in
      let columns = part.groups.map { group -> Variable in
        guard let own = traces.groups[group] else { preconditionFailure("no features of \(group)") }
        return own
      }
      let features = columns.dropFirst().reduce(columns[0]) { $0.joined(columnsOf: $1) }
      // w · ((x − shift) factor) + b, as one product.
      let weights = part.machine.weights.enumerated().map {
        Float($1) * (part.scaler?.factors[$0] ?? 1)
      }
      let offset = zip(weights, part.scaler?.shifts ?? []).reduce(part.machine.bias) {
        $0 - Double($1.0) * Double($1.1)
      }
      return Self.linear(features, weights, bias: Float(offset))
    }
    return Self.linear(
      values.joinedColumns(), fusion.weights.map { Float($0) }, bias: Float(fusion.bias)
    ).reshaped([batch])
  }

  private static func linear(_ x: Variable, _ weights: [Float], bias: Float) -> Variable {
    x.dense(
      Variable(Tensor(weights, shape: [weights.count, 1])),
      bias: Variable(Tensor([bias], shape: [1])))
  }
}
