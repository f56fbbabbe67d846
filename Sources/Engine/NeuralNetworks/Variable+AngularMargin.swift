private import Glibc
internal import Tensors

extension Variable {
  /// Cosines whose right angle in each row is made larger: cos θ becomes cos(θ + m).
  ///
  /// Followed by ``softmaxCrossEntropy(labels:scale:margin:)`` with a scale it is the loss of
  /// ArcFace. Beyond θ = π − m, where cos(θ + m) would rise again, cos θ − m·sin m takes its place:
  /// smaller still the larger the angle, with a step down between both.
  ///
  /// | tensor   | shape        | unit / range |
  /// |----------|--------------|--------------|
  /// | `self`   | (n, classes) | −1…1; what rounding puts beyond is taken for the end |
  /// | result   | (n, classes) | −1 − m…1     |
  /// The slope sin(θ + m)/sin θ has a pole at θ = 0; sin θ is taken for at least 10⁻³ there.
  ///
  /// Reference: Deng et al., "ArcFace: Additive Angular Margin Loss for Deep Face Recognition",
  /// 2019, equation 3, and the authors' code for the continuation.
  ///
  /// - Parameters:
  ///   - margin: m, in radians.
  ///   - labels: for each row the column that is right.
  /// - Returns: the cosines, one of each row changed.
  /// - Precondition: `margin` lies in 0…π/2, and there is a label in range for each row.
  public func addingAngularMargin(_ margin: Float, labels: [Int]) -> Variable {
    let x = value
    let (rows, classes) = (x.shape[0], x.shape[1])
    precondition((0...Float.pi / 2).contains(margin), "a margin of \(margin) is not in 0…π/2")
    precondition(
      labels.count == rows && labels.allSatisfy { $0 >= 0 && $0 < classes },
      "\(labels.count) labels for \(rows) rows of \(classes) classes")
    var slopes = [Float](repeating: 1, count: rows)
    var y = x
    y.update { y in
      for (row, label) in labels.enumerated() {
        let place = row * classes + label
        let widened = widenedCosine(Double(y[place]), by: Double(margin))
        (y[place], slopes[row]) = (Float(widened.value), Float(widened.slope))
      }
    }
    return Variable(y, parents: [self]) { dy, _ in
      var dx = dy
      dx.update { dx in
        for (row, label) in labels.enumerated() { dx[row * classes + label] *= slopes[row] }
      }
      return [dx]
    }
  }
}

/// cos(θ + m) of cos θ, or its continuation, and the derivative with respect to cos θ.
private func widenedCosine(_ cosine: Double, by margin: Double) -> (value: Double, slope: Double) {
  let c = min(1, max(-1, cosine))
  guard c > cos(Double.pi - margin) else { return (c - margin * sin(margin), 1) }
  let s = (1 - c * c).squareRoot()
  return (
    c * cos(margin) - s * sin(margin), cos(margin) + c / max(s, 1e-3) * sin(margin)
  )
}
