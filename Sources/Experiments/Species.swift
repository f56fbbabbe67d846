/// What a picture of an attack set is, to a detector.
public enum Species: Hashable, Sendable, CustomStringConvertible {
  /// A picture as it was before the attack.
  case bonaFide
  /// A benign change of it, by its name; of noise as strong as an attack, with that one's distance².
  case control(String, theta: Float? = nil)
  /// A perturbation to learn from that serves no attack, by its name.
  case perturbation(String)
  /// A successful attack, by its name and the distance² that it undercuts.
  case attack(String, theta: Float)

  /// Whether a detector should call it adversarial.
  public var isAdversarial: Bool {
    switch self {
    case .bonaFide, .control: false
    case .perturbation, .attack: true
    }
  }

  /// Whether it stands for its pair: the source as it was, or made to pass for the target.
  public var isClaim: Bool {
    switch self {
    case .bonaFide, .attack: true
    case .control, .perturbation: false
    }
  }

  /// The name of the attack or of the benign change; `bona fide` for sources.
  public var name: String {
    switch self {
    case .bonaFide: "bona fide"
    case .control(let name, _), .perturbation(let name), .attack(let name, _): name
    }
  }

  public var description: String {
    switch self {
    case .bonaFide: "bona fide"
    case .control(let name, let theta): theta.map { "\(name) \($0)" } ?? name
    case .perturbation(let name): name
    case .attack(let name, let theta): "\(name) \(theta)"
    }
  }
}
