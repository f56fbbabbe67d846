/// A way of changing pictures until a network takes them for others.
///
/// An attack is a value: its configuration is all of it, and prints as ``settings``. It works on a
/// whole batch, because a network is several times faster on sixteen pictures than on one; what it
/// finds for a pair depends on that pair and its seed alone.
///
///     let attack = MinimumNormAttack()
///     let results = attack.attack(pairs, thetas: [0.4, 1])  // for each pair, for each θ
public protocol Attack: Sendable {
  /// What tells this configuration from others of its kind, by name: numbers as text.
  var settings: [String: String] { get }
  /// Searches; everything that ``AttackRun`` is shown counts for every θ.
  func search(_ run: inout AttackRun)
}

extension Attack {
  /// Attacks pairs at several thresholds.
  ///
  /// - `thetas`: distances² to undercut, in 0…4.
  /// - Returns: for each pair its results, in the order of `thetas`.
  public func attack(_ pairs: AttackBatch, thetas: [Float]) -> [[AttackResult]] {
    if pairs.sources.isEmpty { return [] }
    var run = AttackRun(pairs, thetas: thetas)
    search(&run)
    return run.results()
  }
}
