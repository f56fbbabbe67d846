extension LabelledScores {
  /// Returns the curve from the most lenient threshold to the strictest.
  ///
  /// The first point decides everything as positive, the last nothing; between them lies one point
  /// for each distinct score, whose threshold is that score. Plotted as detection rate over false
  /// alarm rate it is the ROC curve, as miss rate over false alarm rate the DET curve (on normal
  /// deviate axes).
  ///
  /// - Complexity: O(n) after the sort at creation.
  public func curve() -> [RatePoint] {
    var points = [point(before: min(positives[0], negatives[0]).nextDown, 0, 0)]
    var (misses, rejected) = (0, 0)
    while misses < positives.count || rejected < negatives.count {
      let score = min(
        misses < positives.count ? positives[misses] : .infinity,
        rejected < negatives.count ? negatives[rejected] : .infinity)
      while misses < positives.count, positives[misses] == score { misses += 1 }
      while rejected < negatives.count, negatives[rejected] == score { rejected += 1 }
      points.append(point(before: score, misses, rejected))
    }
    return points
  }

  private func point(before threshold: Double, _ misses: Int, _ rejected: Int) -> RatePoint {
    RatePoint(
      threshold: direction.oriented(threshold),
      missRate: Double(misses) / Double(positives.count),
      falseAlarmRate: Double(negatives.count - rejected) / Double(negatives.count))
  }

  /// The probability that a random positive lies beyond a random negative, ties counting half.
  ///
  /// AUC = (#{p > n} + ½ #{p = n}) / (P·N), the Mann–Whitney statistic; the area under the ROC
  /// curve with straight lines across ties. 0.5 is chance; reversing the direction gives 1 − AUC.
  public var areaUnderCurve: Double {
    var (below, through, doubled) = (0, 0, 0)
    for score in positives {
      while below < negatives.count, negatives[below] < score { below += 1 }
      through = max(through, below)
      while through < negatives.count, negatives[through] == score { through += 1 }
      doubled += below + through
    }
    return Double(doubled) / (2 * Double(positives.count) * Double(negatives.count))
  }

  /// The equal error rate, interpolated on the straight line between two points of the curve.
  public var equalErrorRate: EqualErrorRate {
    let points = curve()
    var last = points[0]
    for point in points.dropFirst() {
      // Misses grow and false alarms fall along the curve, so the difference changes sign once.
      let (before, after) = (
        last.missRate - last.falseAlarmRate, point.missRate - point.falseAlarmRate
      )
      if after >= 0 {
        let share = before == after ? 0 : -before / (after - before)
        return EqualErrorRate(
          rate: last.missRate + share * (point.missRate - last.missRate),
          threshold: last.threshold + share * (point.threshold - last.threshold))
      }
      last = point
    }
    preconditionFailure("the strictest point of the curve misses every positive")
  }

  /// The threshold that decides most scores rightly, and its accuracy.
  ///
  /// It lies midway between two neighbouring scores where it can; of several equally accurate ones
  /// the most lenient is taken.
  public var mostAccurateThreshold: (threshold: Double, accuracy: Double) {
    let total = positives.count + negatives.count
    let points = curve()
    var best = (index: 0, correct: -1)
    for (index, point) in points.enumerated() {
      let hits = Int(((1 - point.missRate) * Double(positives.count)).rounded())
      let rejected = Int(((1 - point.falseAlarmRate) * Double(negatives.count)).rounded())
      if hits + rejected > best.correct { best = (index, hits + rejected) }
    }
    var threshold = points[best.index].threshold
    if best.index > 0, best.index + 1 < points.count {
      let middle = threshold / 2 + points[best.index + 1].threshold / 2
      // Rounding may land on the neighbour, whose decision is another.
      if direction.isPositive(points[best.index + 1].threshold, threshold: middle) {
        threshold = middle
      }
    }
    return (threshold, Double(best.correct) / Double(total))
  }
}
