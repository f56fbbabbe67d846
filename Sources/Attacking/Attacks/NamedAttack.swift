public import Embedders

/// What an attacker knows.
public enum AttackKnowledge: String, Codable, Sendable, CaseIterable {
  /// Nothing of any network: what happens to pictures anyway.
  case nothing
  /// The answers of the network that decides.
  case answers
  /// Another network than the one that decides.
  case surrogate
  /// The network that decides.
  case decider = "f_c"
  /// The second network alone.
  case witness = "f_v"
  /// Both networks.
  case both
  /// Both networks and every part of the screen.
  case everything
}

/// An attack under the name that the command line and the manifest know it by.
public struct NamedAttack: Sendable {
  /// What an attack needs.
  public enum Kind: Sendable {
    /// Gradients of the network, or of another one (transfer).
    case gradients
    /// Answers of the network that decides.
    case queries
    /// Gradients, but no target: a perturbation to learn from, the same at every θ.
    case perturbation
    /// Nothing: a benign change, the same at every θ.
    case control
  }

  /// The name, fit for a folder's.
  public let name: String
  /// What it does, in a few words.
  public let summary: String
  /// What it needs.
  public let kind: Kind
  /// The attack.
  public let attack: any Attack

  /// Names an attack.
  public init(
    _ name: String, _ summary: String, _ attack: any Attack, needs kind: Kind = .gradients
  ) {
    (self.name, self.summary, self.kind, self.attack) = (name, summary, kind, attack)
  }

  /// Whether it is a benign change.
  public var isControl: Bool { kind == .control }

  /// Whether its picture is the same at every θ.
  public var isForEveryTheta: Bool { kind == .control || kind == .perturbation }

  /// Whether it sees a network.
  public func sees(_ network: AttackAim.Network) -> Bool {
    kind == .gradients && attack.setup.aim.sees(network)
  }

  /// What its attacker knows.
  ///
  /// - Parameters:
  ///   - decider: the name of the model that decides, a network or the fusion of two.
  ///   - surrogate: the name of what stands in its place, if another.
  /// - Returns: the most that its search uses.
  public func knowledge(
    decider: String = FaceEmbedder.modelName, surrogate: String? = nil
  ) -> AttackKnowledge {
    switch kind {
    case .control: return .nothing
    case .queries: return .answers
    case .perturbation: return .decider
    case .gradients: break
    }
    if sees(.screen) { return .everything }
    guard sees(.decider) else { return .witness }
    let isFused = decider == EmbeddingFusion.modelName
    switch surrogate {
    case nil: return isFused || sees(.witness) ? .both : .decider
    case FaceEmbedder.modelName? where isFused: return sees(.witness) ? .both : .decider
    case FaceEmbedder.witnessName? where isFused: return .witness
    default: return .surrogate
    }
  }
}
