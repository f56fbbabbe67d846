public import Images

/// What an attack on one pair at one threshold came to.
public struct AttackResult: Sendable {
  /// The squared distance that was to be undercut.
  public let theta: Float
  /// The squared distance of source and target before.
  public let distanceBefore: Float
  /// The best 8-bit picture found: the smallest change that succeeds, or the nearest to the target. An
  /// aligned face, or a whole photograph.
  public let picture: RGBImage
  /// The squared distance of that picture and the target.
  public let distance: Float
  /// The squared distance of that picture before it was rounded to 8 bits; the same as `distance`
  /// if the attack works on whole grey levels.
  public let distanceInFloat: Float
  /// The pictures in which the change is measured: the aligned face or the part of the photograph around
  /// it, untouched and changed.
  public let untouched, changed: RGBImage
  /// How much the source was changed, there.
  public let perturbation: Perturbation
  /// Gradients computed for the pair, for all its thresholds together.
  public let gradients: Int
  /// Distances computed without a gradient for the pair, for all its thresholds together.
  public let queries: Int
  /// The face of the picture, found and aligned anew if it is a photograph; nil if none was found.
  public let face: RGBImage?
  /// The probability of tampering by the screen, and the one from which it refuses, if the attack sees it.
  public let tampering, tamperingLimit: Double?

  /// The peak signal-to-noise ratio of the change in dB; infinite if there is none.
  public var peakSignalToNoise: Double { SignalToNoise.peak(untouched, changed) }

  /// The mean structural similarity of the untouched and the changed picture; nil below 11×11 pixels.
  public var structuralSimilarity: Double? {
    min(untouched.width, untouched.height) < StructuralSimilarity.window
      ? nil : StructuralSimilarity.mean(untouched, changed)
  }

  /// Whether the pair was a non-match at θ before, and is a match now that the screen, if the attack sees
  /// it, lets pass.
  public var succeeded: Bool {
    guard distanceBefore >= theta && distance < theta && face != nil else { return false }
    guard let tampering, let tamperingLimit else { return true }
    return tampering < tamperingLimit
  }
}

/// The best pictures of one pair so far.
struct Findings {
  /// A picture that was tried.
  struct Candidate {
    /// The picture as the search changed it.
    let picture: RGBImage
    /// What was descended, by which the nearest one is chosen.
    let score: Float
    /// The deciding distance, if it is known.
    let distance: Float?
    /// ‖r‖².
    let cost: Double
    /// The grey levels before rounding, if there were any.
    let unrounded: [Float]?
  }

  let before: Float
  private(set) var nearest: Candidate
  private(set) var best: [Candidate?]
  private var offered: [Candidate?]
  private let untouched: Candidate
  private let thetas: [Float]

  init(source: RGBImage, before: Float, thetas: [Float]) {
    (self.before, self.thetas) = (before, thetas)
    untouched = Candidate(
      picture: source, score: before, distance: before, cost: 0, unrounded: nil)
    nearest = untouched
    best = thetas.map { _ in nil }
    offered = best
  }

  /// Starts the choice of the nearest anew, because another number decides about it.
  mutating func forget() {
    nearest = Candidate(
      picture: nearest.picture, score: .infinity, distance: nearest.distance, cost: nearest.cost,
      unrounded: nil)
  }

  /// Takes note of a picture by its deciding distance; it counts for every θ that it undercuts.
  ///
  /// - `change`: gives ‖r‖₂, where it is needed.
  mutating func consider(
    _ picture: RGBImage, _ distance: Float, _ unrounded: [Float]? = nil, change: () -> Double
  ) {
    guard distance < nearest.score || thetas.contains(where: { distance < $0 }) else { return }
    let l2 = change()
    take(
      Candidate(
        picture: picture, score: distance, distance: distance, cost: l2 * l2, unrounded: unrounded),
      isMet: thetas.map { distance < $0 })
  }

  /// Takes note of a picture by an objective's score; it counts for every θ at which all is met.
  mutating func consider(
    _ picture: RGBImage, score: Float, isMet: [Bool], change: () -> Double
  ) {
    guard score < nearest.score || isMet.contains(true) else { return }
    let l2 = change()
    take(
      Candidate(picture: picture, score: score, distance: nil, cost: l2 * l2, unrounded: nil),
      isMet: isMet)
  }

  private mutating func take(_ candidate: Candidate, isMet: [Bool]) {
    if candidate.score < nearest.score { nearest = candidate }
    for place in thetas.indices where isMet[place] && before >= thetas[place] {
      if best[place].map({ candidate.cost < $0.cost }) ?? true { best[place] = candidate }
    }
  }

  /// Takes over what another search of the same pair found: successes that change less, and what is nearer.
  mutating func merge(_ other: Findings) {
    if other.nearest.score < nearest.score { nearest = other.nearest }
    for place in thetas.indices {
      guard let theirs = other.offered[place] ?? other.best[place] else { continue }
      func succeeds(_ candidate: Candidate) -> Bool {
        candidate.distance.map { $0 < thetas[place] } ?? true
      }
      let own = offered[place] ?? best[place]
      if succeeds(theirs) {
        if own.map({ succeeds($0) && $0.cost <= theirs.cost }) != true {
          (offered[place], best[place]) = (nil, theirs)
        }
      } else if let own, !succeeds(own), theirs.score < own.score {
        offered[place] = theirs
      }
    }
  }

  /// Makes a picture the one to report at a θ, or at all.
  mutating func offer(_ picture: RGBImage, _ distance: Float, change l2: Double, place: Int?) {
    let candidate = Candidate(
      picture: picture, score: distance, distance: distance, cost: l2 * l2, unrounded: nil)
    for index in thetas.indices where place == nil || place == index { offered[index] = candidate }
  }

  /// What to report at a threshold: a pair that matched before is left as it was.
  func candidate(at place: Int) -> Candidate {
    if let candidate = offered[place] { return candidate }
    return before < thetas[place] ? untouched : best[place] ?? nearest
  }
}
