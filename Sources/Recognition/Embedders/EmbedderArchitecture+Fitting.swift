private import NeuralNetworks
private import SeededRandom
public import Tensors

extension EmbedderArchitecture {
  /// The parameters of this network for one of the same layers that sees another number of pixels, or
  /// another part of the face.
  ///
  /// Convolutions carry over. The head's weights, one matrix a place of the last map, are interpolated
  /// between the places and shrink as their number grows, so that its sums stay as they are for a map
  /// that is smooth.
  ///
  /// - Precondition: `other` differs in its view alone, and sees as many numbers a pixel.
  public func weights(_ parameters: ParameterTable, fittedTo other: EmbedderArchitecture)
    -> ParameterTable
  {
    var same = other
    same.view = view
    precondition(
      same == self && other.view.channels == view.channels,
      "'\(summary)' and '\(other.summary)' differ in more than their pixels")
    let name = "embedding.weight"
    let (old, new, channels) = (mapSide, other.mapSide, widths.last ?? 0)
    guard old != new, let head = parameters[name] else { return parameters }
    let columns = channels * embedding
    let places = (0..<new).map { place -> (first: Int, share: Float) in
      let middle = (Float(place) + 0.5) * Float(old) / Float(new) - 0.5
      let inside = min(max(middle, 0), Float(old - 1))
      let first = max(0, min(Int(inside), old - 2))
      return (first, inside - Float(first))
    }
    let numbers = head.numbers
    func line(_ row: Int, _ column: Int) -> Int {
      (min(row, old - 1) * old + min(column, old - 1)) * columns
    }
    let factor = Float(old * old) / Float(new * new)
    var result = parameters
    result[name] = Tensor(shape: [new * new * channels, embedding]) { target in
      for row in 0..<new {
        for column in 0..<new {
          let (top, low) = places[row]
          let (left, right) = places[column]
          let base = (row * new + column) * columns
          let corners = [
            (line(top, left), (1 - low) * (1 - right)), (line(top, left + 1), (1 - low) * right),
            (line(top + 1, left), low * (1 - right)), (line(top + 1, left + 1), low * right),
          ]
          for i in 0..<columns {
            target[base + i] = factor * corners.reduce(0) { $0 + numbers[$1.0 + i] * $1.1 }
          }
        }
      }
    }
    return result
  }

  /// A comparison: true where `other` is this network with further pairs of convolutions in some residual
  /// blocks.
  public func isDeepened(by other: EmbedderArchitecture) -> Bool {
    var same = other
    same.convolutions = convolutions
    return kind == .residual && same == self && convolutions.count == other.convolutions.count
      && other.convolutions != convolutions
      && zip(convolutions, other.convolutions).allSatisfy { $0 <= $1 }
  }

  /// The parameters of this network for one that has further pairs of convolutions in some blocks.
  ///
  /// What is there carries over. A new pair's weights are drawn from `seed`; the factor γ of its last
  /// normalisation is 0, so that the pair adds nothing to its input and the deeper network responds as
  /// this one.
  ///
  /// Reference: Goyal et al., "Accurate, large minibatch SGD", 2017, section 5.1.
  ///
  /// - Precondition: `other` is this network, or it is deepened by it.
  public func weights(
    _ parameters: ParameterTable, deepenedTo other: EmbedderArchitecture, seed: UInt64
  ) -> ParameterTable {
    guard other != self else { return parameters }
    precondition(isDeepened(by: other), "'\(summary)' is not deepened by '\(other.summary)'")
    var random = SplitMix64(seed: seed)
    var result = other.initialParameters(using: &random)
    for name in parameters.names { result[name] = parameters[name] }
    for (block, counts) in zip(convolutions, other.convolutions).enumerated() {
      for last in stride(from: counts.0 + 2, through: counts.1, by: 2) {
        let name = "block\(block + 1).conv\(last).gamma"
        result[name] = Tensor(zeros: [other.widths[block]])
      }
    }
    return result
  }
}
