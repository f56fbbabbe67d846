public import Images

/// What an attack on one pair at one threshold came to.
public struct AttackResult: Sendable {
  /// The squared distance that was to be undercut.
  public let theta: Float
  /// The squared distance of source and target before.
  public let distanceBefore: Float
  /// The best 8-bit picture found: the smallest change that succeeds, or the nearest to the target.
  public let picture: RGBImage
  /// The squared distance of that picture and the target.
  public let distance: Float
  /// The squared distance of that picture before it was rounded to 8 bits; the same as `distance`
  /// if the attack works on whole grey levels.
  public let distanceInFloat: Float
  /// How much the source was changed.
  public let perturbation: Perturbation
  /// Gradients computed for the pair, for all its thresholds together.
  public let gradients: Int
  /// Distances computed without a gradient for the pair, for all its thresholds together.
  public let queries: Int
  /// Whether the pair was a non-match at θ before, and is a match now.
  public var succeeded: Bool { distanceBefore >= theta && distance < theta }
}

/// The best pictures of one pair so far.
struct Findings {
  /// A picture that was tried.
  struct Candidate {
    let picture: RGBImage
    let distance: Float
    /// ‖r‖².
    let cost: Double
    /// The grey levels before rounding, if there were any.
    let unrounded: [Float]?
  }

  let source: RGBImage
  let before: Float
  private(set) var nearest: Candidate
  private(set) var best: [Candidate?]
  private var offered: [Candidate?]
  private let thetas: [Float]

  init(source: RGBImage, before: Float, thetas: [Float]) {
    (self.source, self.before, self.thetas) = (source, before, thetas)
    nearest = Candidate(picture: source, distance: before, cost: 0, unrounded: nil)
    best = thetas.map { _ in nil }
    offered = best
  }

  /// Takes note of a picture; it counts for every θ that it undercuts.
  mutating func consider(_ picture: RGBImage, _ distance: Float, _ unrounded: [Float]? = nil) {
    guard distance < nearest.distance || thetas.contains(where: { distance < $0 }) else { return }
    let l2 = Perturbation(from: source, to: picture).l2
    let candidate = Candidate(
      picture: picture, distance: distance, cost: l2 * l2, unrounded: unrounded)
    if distance < nearest.distance { nearest = candidate }
    for (place, theta) in thetas.enumerated() where distance < theta && before >= theta {
      if best[place].map({ candidate.cost < $0.cost }) ?? true { best[place] = candidate }
    }
  }

  /// Makes a picture the one to report at a θ, or at all.
  mutating func offer(_ picture: RGBImage, _ distance: Float, place: Int?) {
    let l2 = Perturbation(from: source, to: picture).l2
    let candidate = Candidate(picture: picture, distance: distance, cost: l2 * l2, unrounded: nil)
    for index in thetas.indices where place == nil || place == index { offered[index] = candidate }
  }

  /// What to report at a threshold: a pair that matched before is left as it was.
  func candidate(at place: Int) -> Candidate {
    if let candidate = offered[place] { return candidate }
    return before < thetas[place]
      ? Candidate(picture: source, distance: before, cost: 0, unrounded: nil)
      : best[place] ?? nearest
  }
}
