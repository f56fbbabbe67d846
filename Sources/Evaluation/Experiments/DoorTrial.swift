public import Attacks
private import Embedders

/// One row of a door's evaluation: an attack instrument on one way to the door.
public struct DoorTrial: Sendable {
  /// The way that a changed picture takes.
  public enum Path: String, Codable, CaseIterable, Sendable {
    /// The aligned face is handed in.
    case aligned
    /// The aligned face is handed in as it comes out of a store: a JPEG file, a halving.
    case stored
    /// A whole photograph is handed in, in which the face is found and aligned anew.
    case whole
    /// Another picture of the person is enrolled than the attacker has.
    case otherReference = "other-reference"
  }

  /// What a trial needs beside f_C.
  public enum Need: String, CaseIterable, Sendable {
    /// The second network.
    case witness = "f_v"
    /// A fusion of both networks' distances².
    case fusion
    /// The screen.
    case screen
    /// The face detector.
    case finder = "face_detector"
  }

  /// How hard a trial's search tries.
  public enum Effort: String, Codable, CaseIterable, Sendable {
    /// As hard as the attack's settings say.
    case own
    /// With twice its gradients, rounds or queries.
    case twice = "twice-the-steps"
    /// With three further searches, of which the smallest change counts.
    case again = "three-restarts"
  }

  /// The name, fit for a folder's.
  public let name: String
  /// The attack.
  public let attack: NamedAttack
  /// How hard it tries.
  public let effort: Effort
  /// The way to the door.
  public let path: Path
  /// What the attacker knows.
  public let knowledge: AttackKnowledge
  /// Whether it is made against the fused distance² of both networks.
  public let isFused: Bool
  /// The θ that it is made for, as shares of the door's own; the largest first.
  public let depths: [Float]

  /// Creates a trial.
  ///
  /// - Parameters:
  ///   - attack: the attack.
  ///   - path: the way to the door.
  ///   - knowledge: what the attacker knows; the attack's own if not given.
  ///   - depths: the θ, as shares of the door's.
  ///   - isFused: whether the distance² that it makes small is f_C's and f_V's as the door fuses them.
  /// - Precondition: the depths are in 0…1, and there is one.
  public init(
    _ attack: NamedAttack, _ path: Path, knowledge: AttackKnowledge? = nil, depths: [Float] = [1],
    isFused: Bool = false
  ) {
    precondition(
      !depths.isEmpty && depths.allSatisfy { $0 > 0 && $0 <= 1 }, "depths of \(depths)")
    let decider = isFused ? EmbeddingFusion.modelName : FaceEmbedder.modelName
    self.init(
      attack, path, knowledge ?? attack.knowledge(decider: decider), depths.sorted(by: >),
      isFused: isFused, effort: .own,
      name: "\(path.rawValue)-\(attack.name)" + (isFused ? "-fusion" : ""))
  }

  private init(
    _ attack: NamedAttack, _ path: Path, _ knowledge: AttackKnowledge, _ depths: [Float],
    isFused: Bool, effort: Effort, name: String
  ) {
    (self.attack, self.path, self.knowledge, self.depths) = (attack, path, knowledge, depths)
    (self.isFused, self.effort, self.name) = (isFused, effort, name)
  }

  /// The same trial with more effort; nil where its attack has no such form.
  public func trying(_ effort: Effort) -> DoorTrial? {
    let stronger: (any Attack)? =
      switch effort {
      case .own: nil
      case .twice: attack.attack.prolonged(by: 2)
      case .again: attack.attack.restarted(3)
      }
    return stronger.map {
      DoorTrial(
        NamedAttack(attack.name, attack.summary, $0, needs: attack.kind), path, knowledge, depths,
        isFused: isFused, effort: effort, name: "\(name)-\(effort.rawValue)")
    }
  }

  /// What it needs beside f_C.
  public var needs: [Need] {
    (attack.sees(.witness) ? [.witness] : []) + (attack.sees(.screen) ? [.screen] : [])
      + (path == .whole ? [.finder] : []) + (isFused ? [.fusion] : [])
  }

  /// Whether its success is decided by what the door decides by, where that is a fusion.
  var aimsAtDecision: Bool { isFused || attack.sees(.screen) }

  /// The θ of its attack set, ascending.
  public func thetas(door: Float) -> [Float] { Set(depths.map { $0 * door }).sorted() }

  /// About how many gradients of one network a pair takes; good for estimates of time alone.
  var work: Double {
    let settings = attack.attack.settings
    func number(_ names: [String]) -> Double? {
      names.lazy.compactMap { settings[$0].flatMap(Double.init) }.first
    }
    let steps =
      number(["iterations", "steps"]) ?? number(["rounds", "queries"]).map { $0 / 3 } ?? 20
    let networks =
      attack.sees(.screen)
      ? 12.0 : Double(max(1, attack.attack.setup.aim.goals.count)) * (isFused ? 2 : 1)
    let again = 1 + (number(["again"]) ?? 0) + (number(["restarts"]) ?? 0)
    let seen = steps * networks * (number(["eot_draws"]) ?? 1) * again
    return 5 + seen * (path == .whole ? 1.3 : 1) * Double(max(1, depths.count)).squareRoot()
  }

  /// The trials of a complete evaluation, or of a quick one.
  ///
  /// - `iterations`: replaces each attack's own number of gradients, rounds or queries.
  public static func catalogue(quick: Bool = false, iterations: Int? = nil) -> [DoorTrial] {
    func named(_ name: String) -> NamedAttack? {
      AttackCatalogue.find(name, iterations: iterations)
    }
    func rows(
      _ path: Path, _ names: [String], knowledge: AttackKnowledge? = nil, depths: [Float] = [1],
      isFused: Bool = false
    ) -> [DoorTrial] {
      names.compactMap(named).map {
        DoorTrial($0, path, knowledge: knowledge, depths: depths, isFused: isFused)
      }
    }
    func through(
      _ store: AttackStore, _ names: [String], isFused: Bool = false
    ) -> [DoorTrial] {
      names.compactMap(named).map { base in
        var attack = base.attack as? ComposedAttack ?? ComposedAttack(base.attack)
        attack.setup.store = store
        return DoorTrial(
          NamedAttack("\(base.name)-\(store.name)", base.summary, attack), .stored,
          depths: nearer, isFused: isFused)
      }
    }
    let deep: [Float] = [1, 0.8, 0.6, 0.3]
    // Beyond the door, where its own distance² is only just below the threshold, or is not what decides.
    let nearer: [Float] = [1, 0.8, 0.6]
    if quick {
      return rows(.aligned, ["noise"], knowledge: .nothing)
        + rows(.aligned, ["minimum-norm"], depths: deep)
        + rows(.aligned, ["eot", "eot-scaled"], depths: nearer) + rows(.aligned, ["eot-witness"])
        + rows(.aligned, ["eot-both"], depths: nearer)
        + rows(.aligned, ["eot"], depths: nearer, isFused: true) + rows(.aligned, ["adaptive"])
        + rows(.stored, ["through-jpeg-75"], depths: nearer)
        + rows(.whole, ["eot-both"], depths: nearer)
        + rows(.otherReference, ["eot-both"], depths: [0.6, 0.3])
    }
    return rows(.aligned, ["noise"], knowledge: .nothing) + rows(.aligned, ["square"])
      + rows(
        .aligned, ["minimum-norm", "pgd-linf", "pgd-l2", "mim", "feature-matching"], depths: deep)
      + rows(
        .aligned, ["overshoot", "eot", "eot-scaled", "glasses", "sticker"], depths: nearer)
      + rows(.aligned, ["eot-witness"])
      + rows(
        .aligned, ["eot-both", "eot-both-deep", "eot-both-scaled", "smooth"], depths: nearer)
      + rows(.aligned, ["minimum-norm"], depths: deep, isFused: true)
      + rows(.aligned, ["eot", "eot-scaled"], depths: nearer, isFused: true)
      + rows(.aligned, ["adaptive"])
      + rows(.stored, ["through-jpeg-75", "through-halved"], depths: nearer)
      + rows(.stored, ["through-jpeg-75"], depths: nearer, isFused: true)
      + through(.jpeg(quality: 75), ["eot", "eot-both"])
      + through(.jpeg(quality: 75), ["eot"], isFused: true)
      + rows(.whole, ["minimum-norm", "eot", "eot-both", "eot-both-deep"], depths: nearer)
      + rows(.whole, ["eot"], depths: nearer, isFused: true)
      + rows(.otherReference, ["minimum-norm"], depths: [0.3])
      + rows(.otherReference, ["eot", "eot-both"], depths: [0.6, 0.3])
      + rows(.otherReference, ["eot"], depths: [0.6, 0.3], isFused: true)
  }
}
