/// A way of changing pictures until a network takes them for others.
///
/// An attack is a value: its configuration is all of it, and prints as ``settings``. It works on a
/// whole batch, because a network is several times faster on sixteen pictures than on one; what it
/// finds for a pair depends on that pair and its seed alone.
///
/// The parts of an attack are a search, which this protocol is, what it descends (``AttackAim``), and what
/// becomes of a changed picture (``AttackPlace``, ``AttackSpread``, ``AttackStore``): any of one goes with
/// any of the others. ``ComposedAttack`` puts them together.
///
///     let attack = MinimumNormAttack()
///     let results = attack.attack(pairs, thetas: [0.4, 1])  // for each pair, for each θ
public protocol Attack: Sendable {
  /// What tells this configuration from others of its kind, by name: numbers as text.
  var settings: [String: String] { get }
  /// What the attack descends and what becomes of its pictures; the plain way if not given.
  var setup: AttackSetup { get }
  /// Searches; everything that ``AttackRun`` is shown counts for every θ.
  func search(_ run: inout AttackRun)
  /// The same with so many times its gradients, rounds or queries; nil where it has no such number.
  func prolonged(by factor: Int) -> Self?
  /// The same with further searches, of which the smallest change counts; nil where each search would find
  /// what the first one found, because it draws no random numbers.
  func restarted(_ times: Int) -> (any Attack)?
}

extension Attack {
  public var setup: AttackSetup { AttackSetup() }

  /// Attacks pairs at several thresholds.
  ///
  /// - `thetas`: distances² to undercut, in 0…4.
  /// - Returns: for each pair its results, in the order of `thetas`.
  /// - Precondition: the batch has the networks that the attack sees.
  public func attack(_ pairs: AttackBatch, thetas: [Float]) -> [[AttackResult]] {
    if pairs.sources.isEmpty { return [] }
    var run = AttackRun(pairs, thetas: thetas, setup: setup)
    search(&run)
    return run.results()
  }
}

/// What a search descends, and what becomes of the pictures that it changes.
public struct AttackSetup: Equatable, Sendable {
  /// What is made small.
  public var aim: AttackAim
  /// Which changes are made.
  public var spread: AttackSpread
  /// What the picture goes through before it counts.
  public var store: AttackStore
  /// Whether a picture counts where the aim is met as the attack sees it, instead of by the deciding
  /// distance: nothing is asked of the network that decides.
  public var countsByAim: Bool

  /// Creates a setup; without arguments the plain one.
  public init(
    aim: AttackAim = .plain, spread: AttackSpread = .everywhere, store: AttackStore = .none,
    countsByAim: Bool = false
  ) {
    (self.aim, self.spread, self.store, self.countsByAim) = (aim, spread, store, countsByAim)
  }

  /// The settings that differ from the plain ones, by name.
  var settings: [String: String] {
    var all = aim == .plain ? [:] : aim.settings
    if spread != .everywhere { all["spread"] = spread.name }
    if store != .none { all["store"] = store.name }
    if countsByAim { all["counts_by"] = "aim" }
    return all
  }
}
