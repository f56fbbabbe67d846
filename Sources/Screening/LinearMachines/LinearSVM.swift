/// A linear separation of adversarial from bona fide feature vectors.
///
/// decision value = w·x + b; **larger is more suspicious**, and above 0 means adversarial. The
/// order of the labels in the training set does not matter.
///
/// As JSON the numbers survive bit for bit.
public struct LinearSVM: Equatable, Sendable, Codable {
  /// The weights w, one per feature.
  public let weights: [Double]
  /// The bias b.
  public let bias: Double
  /// How the model was trained.
  public let options: TrainingOptions

  /// Creates a model from its weights.
  ///
  /// - Precondition: all numbers are finite.
  public init(weights: [Double], bias: Double, options: TrainingOptions = TrainingOptions()) {
    precondition(
      bias.isFinite && weights.allSatisfy(\.isFinite), "a weight or the bias is not finite")
    (self.weights, self.bias, self.options) = (weights, bias, options)
  }

  /// Returns w·x + b; larger is more suspicious.
  ///
  /// The sum runs in double precision and in a fixed order, so it does not depend on the batch.
  ///
  /// - Precondition: as many features as weights.
  public func decisionValue(_ features: some Collection<Float>) -> Double {
    precondition(
      features.count == weights.count, "\(features.count) features, \(weights.count) weights")
    return features.withContiguousStorageIfAvailable { dot($0) }
      ?? Array(features).withUnsafeBufferPointer { dot($0) }
  }

  /// Returns the decision value of each row.
  ///
  /// - Precondition: as many columns as weights.
  public func decisionValues(_ features: FeatureMatrix) -> [Double] {
    (0..<features.rows).map { decisionValue(features[row: $0]) }
  }

  private func dot(_ features: UnsafeBufferPointer<Float>) -> Double {
    weights.withUnsafeBufferPointer { weights in
      // Eight partial sums in a fixed order: the compiler may not reorder additions itself.
      var sums = SIMD8<Double>(repeating: 0)
      let whole = features.count & ~7
      for start in stride(from: 0, to: whole, by: 8) {
        for lane in 0..<8 {
          sums[lane] += weights[start + lane] * Double(features[start + lane])
        }
      }
      var sum = sums.sum()
      for index in whole..<features.count { sum += weights[index] * Double(features[index]) }
      return sum + bias
    }
  }
}
