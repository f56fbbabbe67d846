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

  /// Whether one of these words names it: `NAME`, or `NAME@θ` for what was made at that θ alone.
  public func isNamed(in words: [String]) -> Bool {
    var own: Float?
    switch self {
    case .control(_, let theta?), .attack(_, let theta): own = theta
    case .bonaFide, .control, .perturbation: break
    }
    return words.contains { word in
      let parts = word.split(separator: "@", omittingEmptySubsequences: false)
      return parts.first.map(String.init) == name
        && (parts.count == 1 || (parts.count == 2 && own != nil && Float(parts[1]) == own))
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
