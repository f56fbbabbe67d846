/// Stronger forms of a search, which tell whether its own settings are enough.
///
/// Reference: Carlini et al., "On evaluating adversarial robustness", 2019, sections 3 and 5.
extension Attack {
  public func prolonged(by factor: Int) -> Self? { nil }

  public func restarted(_ times: Int) -> (any Attack)? { nil }
}

extension MinimumNormAttack {
  public func prolonged(by factor: Int) -> Self? {
    Self(iterations: iterations * factor, approach: approach * factor)
  }
}

extension CarliniWagnerAttack {
  public func prolonged(by factor: Int) -> Self? {
    var longer = self
    longer.iterations *= factor
    return longer
  }
}

extension DeepFoolAttack {
  public func prolonged(by factor: Int) -> Self? {
    var longer = self
    longer.iterations *= factor
    return longer
  }
}

extension GradientDescentAttack {
  /// Nil of FGSM, whose one step is what it is.
  public func prolonged(by factor: Int) -> Self? {
    if steps == 1 { return nil }
    var longer = self
    longer.steps *= factor
    return longer
  }

  /// Nil of those that start at the source.
  public func restarted(_ times: Int) -> (any Attack)? {
    startsAtRandom ? ComposedAttack(self, restarts: times) : nil
  }
}

extension SquareAttack {
  public func prolonged(by factor: Int) -> Self? {
    var longer = self
    longer.rounds *= factor
    return longer
  }

  public func restarted(_ times: Int) -> (any Attack)? { ComposedAttack(self, restarts: times) }
}

extension GradientEstimationAttack {
  public func prolonged(by factor: Int) -> Self? {
    var longer = self
    longer.queries *= factor
    return longer
  }

  public func restarted(_ times: Int) -> (any Attack)? { ComposedAttack(self, restarts: times) }
}

extension HopSkipJumpAttack {
  public func prolonged(by factor: Int) -> Self? {
    var longer = self
    longer.rounds *= factor
    return longer
  }

  public func restarted(_ times: Int) -> (any Attack)? { ComposedAttack(self, restarts: times) }
}

extension NormDecoupledAttack {
  /// The search alone, and not the plain attack that it starts at.
  public func prolonged(by factor: Int) -> Self? {
    var longer = self
    longer.iterations *= factor
    return longer
  }

  /// From starts with noise on them.
  public func restarted(_ times: Int) -> (any Attack)? {
    var again = self
    again.restarts = times
    return again
  }
}

extension ComposedAttack {
  public func prolonged(by factor: Int) -> Self? {
    guard let longer = search.prolonged(by: factor) else { return nil }
    var composed = self
    composed.search = longer
    return composed
  }

  /// Other starts if the search has them, or else other draws of the transforms.
  public func restarted(_ times: Int) -> (any Attack)? {
    var composed = self
    if let again = (search as? NormDecoupledAttack)?.restarted(times) {
      composed.search = again
      return composed
    }
    guard setup.aim.transforms != nil || search.restarted(times) != nil else { return nil }
    composed.restarts = times
    return composed
  }
}
