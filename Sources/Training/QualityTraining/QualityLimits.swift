public import PictureQuality

/// Pictures of strangers who share a condition, one a person, and which of them f_C takes for one.
public struct SharedCondition: Sendable {
  /// What is measured of each picture.
  public var measures: [PictureMeasures]
  /// The pairs of places whose distance² is below the threshold.
  public var matches: [(Int, Int)]

  /// Collects pictures.
  public init(measures: [PictureMeasures], matches: [(Int, Int)]) {
    (self.measures, self.matches) = (measures, matches)
  }

  private var pairs: Int { max(1, measures.count * (measures.count - 1) / 2) }

  /// The share of all pairs that match and of which both pictures pass.
  func rate(_ passes: (PictureMeasures) -> Bool) -> Double {
    let passing = measures.map(passes)
    return Double(matches.count { passing[$0.0] && passing[$0.1] }) / Double(pairs)
  }

  /// The highest measure of a part that has to be refused, with all below it, so that at most this share of
  /// pairs is left.
  ///
  /// Among the pictures that pass otherwise; nil if the part tells nothing of these.
  func bound(_ part: QualityPart, rate: Double, _ passes: (PictureMeasures) -> Bool) -> Double? {
    let left = matches.filter { passes(measures[$0.0]) && passes(measures[$0.1]) }
    // A pair is refused as soon as the poorer of its pictures is.
    let poorer = left.compactMap { pair -> Double? in
      guard let a = measures[pair.0].values[part], let b = measures[pair.1].values[part] else {
        return nil
      }
      return min(a, b)
    }
    guard poorer.count == left.count, !poorer.isEmpty else { return nil }
    let kept = Int(rate * Double(pairs))
    guard kept < poorer.count else { return nil }
    return poorer.sorted(by: >)[kept]
  }
}

extension QualityModel {
  /// Sets the limits by false matches that were measured: strangers who share a condition match at most
  /// as often as asked, for as few untouched pictures as can be.
  ///
  /// Each part begins where it refuses the share ``QualityTraining/discard`` of the untouched pictures. Then,
  /// where strangers still match too often, the part is raised that costs the fewest untouched pictures,
  /// until nobody does, or ``QualityTraining/largestDiscard`` of them would be refused. The usual number is
  /// the median of the untouched pictures.
  ///
  /// - `kept`: pictures that have to pass whatever strangers do.
  /// - `rate`: the false match rate allowed under every condition, 0…1.
  /// - Precondition: there are untouched pictures, and all pictures have the same parts.
  public init(
    network: IdentityLossNetwork, untouched: [PictureMeasures], conditions: [SharedCondition],
    kept: [PictureMeasures] = [], rate: Double, training: QualityTraining
  ) {
    precondition(!untouched.isEmpty, "no untouched pictures")
    var sorted: [QualityPart: [Double]] = [:]
    for part in QualityPart.allCases {
      let values = untouched.compactMap { $0.values[part] }.filter(\.isFinite).sorted()
      if !values.isEmpty { sorted[part] = values }
    }
    var limits = sorted.mapValues { $0[Int(training.discard * Double($0.count))] }
    for (part, limit) in limits {
      limits[part] = min(limit, kept.compactMap { $0.values[part] }.min() ?? limit)
    }
    func passes(_ measures: PictureMeasures, _ limits: [QualityPart: Double]) -> Bool {
      limits.allSatisfy { (measures.values[$0.key] ?? -.infinity) >= $0.value }
    }
    func refused(_ limits: [QualityPart: Double]) -> Double {
      Double(untouched.count { !passes($0, limits) }) / Double(untouched.count)
    }
    var hopeless: Set<Int> = []
    while true {
      // Of all conditions the one that lets most strangers in is mended first.
      let rates = conditions.indices.filter { !hopeless.contains($0) }.map { index in
        (index, conditions[index].rate { passes($0, limits) })
      }
      guard let worst = rates.max(by: { $0.1 < $1.1 }), worst.1 > rate else { break }
      var best: (limits: [QualityPart: Double], cost: Double)?
      for part in QualityPart.allCases where limits[part] != nil {
        let bound = conditions[worst.0].bound(part, rate: rate) { passes($0, limits) }
        guard let bound else { continue }
        var raised = limits
        // Whatever lies at the bound is refused as well.
        raised[part] = bound.nextUp
        guard kept.allSatisfy({ passes($0, raised) }) else { continue }
        let cost = refused(raised)
        if best == nil || cost < best?.cost ?? 0 { best = (raised, cost) }
      }
      guard let best, best.cost <= training.largestDiscard else {
        hopeless.insert(worst.0)
        continue
      }
      limits = best.limits
    }
    var scales: [QualityPart: Scale] = [:]
    for (part, limit) in limits {
      let values = sorted[part] ?? [limit]
      // Where nearly all pictures have the same number, what is worse by a hair is no worse.
      scales[part] = Scale(limit: limit, usual: max(values[values.count / 2], limit + 1e-3))
    }
    self.init(scales: scales, network: network)
  }
}
