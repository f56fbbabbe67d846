internal import Images

/// Repeated steps to where a linear model puts the threshold, without ever looking back.
///
/// r ← r − (1 + η)(d² − θ) g / ‖g‖², for d² the distance at the rounded picture and g its gradient,
/// until d² < θ; smaller thresholds go on from there. DeepFool's step with the threshold in the place
/// of the border between classes.
///
/// Reference: Moosavi-Dezfooli et al., "DeepFool", 2016, equation 8.
public struct DeepFoolAttack: Attack {
  /// The largest number of gradients at each threshold.
  public var iterations: Int
  /// η: how far beyond the linear model's border a step goes, as a share.
  public var overshoot: Float

  /// Creates the attack.
  public init(iterations: Int = 50, overshoot: Float = 0.02) {
    (self.iterations, self.overshoot) = (iterations, overshoot)
  }

  public var settings: [String: String] {
    ["iterations": "\(iterations)", "overshoot": "\(overshoot)"]
  }

  public func search(_ run: inout AttackRun) {
    var paths = run.pairs.sources.map { Path($0) }
    for theta in run.thetas.sorted(by: >) {
      var open = run.open(at: theta)
      for _ in 0..<iterations where !open.isEmpty {
        let at = run.evaluate(
          open.map { paths[$0].picture }, rows: open, unrounded: open.map { paths[$0].levels },
          theta: theta)
        var left: [Int] = []
        for (row, at) in zip(open, at) where at.value >= theta {
          let steepness = GreyLevels.dot(at.gradient, at.gradient)
          guard steepness > 0 else { continue }
          // A distance just at the threshold still deserves a step that rounding can feel.
          let excess = max(Double(at.value - theta), 1e-3)
          let length = Float(Double(1 + overshoot) * excess / steepness)
          paths[row].move(
            to: GreyLevels.adding(paths[row].change, at.gradient, times: -length))
          left.append(row)
        }
        open = left
      }
      _ = run.judge(
        open.map { paths[$0].picture }, rows: open, unrounded: open.map { paths[$0].levels },
        theta: theta)
    }
  }
}
