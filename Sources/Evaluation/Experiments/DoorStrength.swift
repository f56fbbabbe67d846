private import AttackSets
private import Attacks

/// What a species comes to when its search tries harder, on the same pairs.
///
/// Reference: Carlini et al., "On evaluating adversarial robustness", 2019.
public struct DoorStrength: Codable, Equatable, Sendable {
  /// What more effort says of a species' own settings.
  public enum Finding: String, Codable, Sendable {
    /// The share let in stays within the interval of the species' own.
    case enough
    /// The share let in is above that interval: the search's own settings understate it.
    case tooWeak = "too-weak"
    /// The share let in is below that interval.
    case fewer
  }

  /// The trial's name.
  public var name: String
  /// The distance² that the attack undercuts.
  public var theta: Float
  /// How much harder it tries.
  public var effort: DoorTrial.Effort
  /// The share of pairs let in by the trial as it is, and with more effort.
  public var own, stronger: DoorShare
  /// The pairs that get in with more effort alone, and without it alone.
  public var gained, lost: Int
  /// The medians of all files' changes, in grey levels, of the trial as it is, and with more effort.
  public var ownRMS, strongerRMS: Double?
  /// What follows.
  public var finding: Finding

  /// Compares a trial with one that tries harder, at each θ, the largest first.
  ///
  /// - `own`: of the trial as it is; pairs that the other did not attack are left out.
  static func all(
    of trial: DoorTrial, _ own: [DoorPresentation], as other: DoorTrial,
    _ stronger: [DoorPresentation], theta: Float
  ) -> [DoorStrength] {
    trial.thetas(door: theta).reversed().map { level in
      // A pair that matches untouched is no attack.
      func attacked(_ all: [DoorPresentation]) -> [String: DoorPresentation] {
        let found = all.filter { $0.entry.theta == level && $0.entry.distanceBefore >= theta }
        return Dictionary(found.map { ($0.entry.pair.id, $0) }) { first, _ in first }
      }
      func isLetIn(_ shown: DoorPresentation?) -> Bool { shown?.answer?.accepted == true }
      func median(_ all: some Collection<DoorPresentation>) -> Double? {
        let changes = all.filter { $0.answer != nil }.map(\.entry.rms).sorted()
        return changes.isEmpty ? nil : changes[changes.count / 2]
      }
      let after = attacked(stronger)
      let before = attacked(own).filter { after[$0.key] != nil }
      let share = DoorShare(before.values.count { isLetIn($0) }, of: before.count)
      let strongerShare = DoorShare(after.values.count { isLetIn($0) }, of: after.count)
      return DoorStrength(
        name: trial.name, theta: level, effort: other.effort, own: share, stronger: strongerShare,
        gained: after.count { isLetIn($0.value) && !isLetIn(before[$0.key]) },
        lost: after.count { !isLetIn($0.value) && isLetIn(before[$0.key]) },
        ownRMS: median(before.values), strongerRMS: median(after.values),
        finding: strongerShare.share > share.wilson95[1]
          ? .tooWeak : strongerShare.share < share.wilson95[0] ? .fewer : .enough)
    }
  }
}
