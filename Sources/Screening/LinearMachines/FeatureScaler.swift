/// An affine map per feature that brings all of them to one scale.
///
/// y = (x − shift)·factor; a feature that never varied in training becomes 0.
public struct FeatureScaler: Equatable, Sendable, Codable {
  /// What the training features are brought to.
  public enum Method: String, Sendable, Codable, CaseIterable {
    /// Mean 0 and standard deviation 1.
    case standard
    /// The range 0…1.
    case unitRange
  }

  /// What is subtracted, per feature.
  public let shifts: [Float]
  /// What is multiplied with afterwards, per feature.
  public let factors: [Float]

  /// Creates a scaler from its numbers.
  ///
  /// - Precondition: as many shifts as factors.
  public init(shifts: [Float], factors: [Float]) {
    precondition(
      shifts.count == factors.count, "\(shifts.count) shifts, \(factors.count) factors")
    (self.shifts, self.factors) = (shifts, factors)
  }

  /// Learns the map from training features.
  ///
  /// - Precondition: at least one row.
  /// - Throws: ``SupportVectorMachineError/notFinite(row:column:)``.
  public init(
    fitting features: FeatureMatrix, method: Method = .standard
  ) throws(SupportVectorMachineError) {
    precondition(features.rows > 0, "no features to fit a scale to")
    try features.requireFinite()
    var (shifts, factors): ([Float], [Float]) = ([], [])
    for column in 0..<features.columns {
      let values = (0..<features.rows).map {
        Double(features.elements[$0 * features.columns + column])
      }
      let (shift, scale) = method == .standard ? standard(values) : unitRange(values)
      shifts.append(Float(shift))
      // Below this the variation is rounding error, which must not be blown up to 1.
      let isConstant = scale <= 1e-7 * max(abs(shift), Double(Float.leastNormalMagnitude))
      factors.append(isConstant ? 0 : Float(1 / scale))
    }
    self.init(shifts: shifts, factors: factors)
  }

  /// Returns the scaled features of one vector.
  ///
  /// - Precondition: as many features as the scaler was fitted to.
  public func scaled(_ features: [Float]) -> [Float] {
    precondition(
      features.count == shifts.count, "\(features.count) features, \(shifts.count) scales")
    return features.indices.map { (features[$0] - shifts[$0]) * factors[$0] }
  }

  /// Returns the matrix with all rows scaled.
  ///
  /// - Precondition: as many columns as the scaler was fitted to.
  public func scaled(_ features: FeatureMatrix) -> FeatureMatrix {
    precondition(
      features.columns == shifts.count, "\(features.columns) features, \(shifts.count) scales")
    var scaled = features
    scaled.transform { column, value in (value - shifts[column]) * factors[column] }
    return scaled
  }
}

private func standard(_ values: [Double]) -> (shift: Double, scale: Double) {
  let mean = values.reduce(0, +) / Double(values.count)
  let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return (mean, (squares / Double(values.count)).squareRoot())
}

private func unitRange(_ values: [Double]) -> (shift: Double, scale: Double) {
  let low = values.reduce(.infinity, min)
  return (low, values.reduce(-.infinity, max) - low)
}
