private import Embedders

/// What an attack makes small, before there are networks and pairs: the networks that it sees, the limit of
/// each, and what the change has to outlast.
public struct AttackAim: Equatable, Sendable {
  /// A network that an attack may see.
  public enum Network: String, Sendable {
    /// What decides, or what stands for it in a transfer attack.
    case decider = "f_c"
    /// The second network.
    case witness = "f_v"
    /// The screen with all its parts, and the network that decides.
    case screen
  }

  /// A network and where its distance² has to end up.
  public struct Goal: Equatable, Sendable {
    /// The network.
    public var network: Network
    /// The distance² to fall below; of a screen, its own threshold takes its place.
    public var limit: AttackLimit

    /// Creates a goal.
    public init(_ network: Network, below limit: AttackLimit = .theta(share: 1)) {
      (self.network, self.limit) = (network, limit)
    }
  }

  /// The networks, each once.
  public var goals: [Goal]
  /// What the change has to outlast; nil to be looked at as it is.
  public var transforms: RandomTransforms?

  /// Creates an aim.
  ///
  /// - Precondition: there is a goal.
  public init(_ goals: [Goal], transforms: RandomTransforms? = nil) {
    precondition(!goals.isEmpty, "an aim without a network")
    (self.goals, self.transforms) = (goals, transforms)
  }

  /// The aim of an attack that says nothing else: the network that decides, below θ.
  public static let plain = AttackAim([Goal(.decider)])

  /// Whether a network is seen.
  public func sees(_ network: Network) -> Bool { goals.contains { $0.network == network } }

  /// The settings by name: numbers as text.
  public var settings: [String: String] {
    let words = goals.map { goal in
      switch goal.limit {
      case .theta(let share):
        share == 1 ? goal.network.rawValue : "\(goal.network.rawValue)<\(share)θ"
      case .fixed(let limit): "\(goal.network.rawValue)<\(limit)"
      }
    }
    let own = (transforms?.settings ?? [:]).map { ("eot_" + $0.key, $0.value) }
    return ["sees": words.joined(separator: " ")].merging(own) { first, _ in first }
  }

  /// The objective of a batch.
  ///
  /// - Precondition: the batch has the networks that the aim names.
  func objective(for pairs: AttackBatch) -> any AttackObjective {
    let parts = goals.map { goal -> any AttackObjective in
      switch goal.network {
      case .decider:
        return EmbeddingDistance(
          pairs.surrogate ?? pairs.victim, targets: pairs.targetNumbers, limit: goal.limit)
      case .witness:
        guard let witness = pairs.witness else {
          preconditionFailure("an attack that sees f_V on a batch without f_V")
        }
        return EmbeddingDistance(
          DecidingEmbedders(witness), targets: pairs.targetNumbers, limit: goal.limit)
      case .screen:
        guard let screen = pairs.screen else {
          preconditionFailure("an attack that sees the screen on a batch without a screen")
        }
        return ScreenObjective(
          screen, targets: pairs.targets, fusion: pairs.victim.second?.fusion)
      }
    }
    let together = parts.count == 1 ? parts[0] : JoinedObjective(parts)
    return transforms.map { ExpectedObjective(together, over: $0) } ?? together
  }
}
