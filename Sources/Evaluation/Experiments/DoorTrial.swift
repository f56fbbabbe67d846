public import Attacks

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
  /// The θ that it is made for, as shares of the door's own; the largest first.
  public let depths: [Float]

  /// Creates a trial.
  ///
  /// - `knowledge`: the attack's own if not given.
  /// - Precondition: the depths are in 0…1, and there is one.
  public init(
    _ attack: NamedAttack, _ path: Path, knowledge: AttackKnowledge? = nil, depths: [Float] = [1]
  ) {
    precondition(
      !depths.isEmpty && depths.allSatisfy { $0 > 0 && $0 <= 1 }, "depths of \(depths)")
    self.init(
      attack, path, knowledge ?? attack.knowledge(), depths.sorted(by: >), effort: .own,
      name: "\(path.rawValue)-\(attack.name)")
  }

  private init(
    _ attack: NamedAttack, _ path: Path, _ knowledge: AttackKnowledge, _ depths: [Float],
    effort: Effort, name: String
  ) {
    (self.attack, self.path, self.knowledge, self.depths) = (attack, path, knowledge, depths)
    (self.effort, self.name) = (effort, name)
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
        effort: effort, name: "\(name)-\(effort.rawValue)")
    }
  }

  /// What it needs beside f_C.
  public var needs: [Need] {
    (attack.sees(.witness) ? [.witness] : []) + (attack.sees(.screen) ? [.screen] : [])
      + (path == .whole ? [.finder] : [])
  }

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
    let networks = attack.sees(.screen) ? 12.0 : Double(max(1, attack.attack.setup.aim.goals.count))
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
      _ path: Path, _ names: [String], knowledge: AttackKnowledge? = nil, depths: [Float] = [1]
    ) -> [DoorTrial] {
      names.compactMap(named).map {
        DoorTrial($0, path, knowledge: knowledge, depths: depths)
      }
    }
    func through(_ store: AttackStore, _ names: [String]) -> [DoorTrial] {
      names.compactMap(named).map { base in
        var attack = base.attack as? ComposedAttack ?? ComposedAttack(base.attack)
        attack.setup.store = store
        return DoorTrial(
          NamedAttack("\(base.name)-\(store.name)", base.summary, attack), .stored,
          depths: nearer)
      }
    }
    let deep: [Float] = [1, 0.6, 0.3]
    // Where the mean of two networks' distances decides, f_C alone has to come nearer than the door asks for.
    let nearer: [Float] = [1, 0.6]
    if quick {
      return rows(.aligned, ["noise"], knowledge: .nothing)
        + rows(.aligned, ["minimum-norm"], depths: deep)
        + rows(.aligned, ["eot", "eot-scaled"], depths: nearer) + rows(.aligned, ["eot-witness"])
        + rows(.aligned, ["eot-both"], depths: nearer) + rows(.aligned, ["adaptive"])
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
      + rows(.aligned, ["adaptive"])
      + rows(.stored, ["through-jpeg-75", "through-halved"], depths: nearer)
      + through(.jpeg(quality: 75), ["eot", "eot-both"])
      + rows(.whole, ["minimum-norm", "eot", "eot-both", "eot-both-deep"], depths: nearer)
      + rows(.otherReference, ["minimum-norm"], depths: [0.3])
      + rows(.otherReference, ["eot", "eot-both"], depths: [0.6, 0.3])
  }
}
