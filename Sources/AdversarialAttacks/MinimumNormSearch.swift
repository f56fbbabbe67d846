internal import Images

/// The search for one pair and one threshold: where to go next, and the best picture so far.
struct Search {
  let source: RGBImage
  let theta: Float
  let before: Float
  /// The change before rounding.
  private(set) var change: [Float]
  /// How far below θ the linear model aims: what curvature and rounding took last time.
  private var reserve: Float = 0.002
  private(set) var gradients = 0
  private var best: (picture: RGBImage, distance: Float, cost: Double)?
  private var nearest: (picture: RGBImage, distance: Float)?

  init(source: RGBImage, theta: Float, before: Float, change: [Float]) {
    (self.source, self.theta, self.before, self.change) = (source, theta, before, change)
  }

  /// The best successful picture, or else the nearest.
  var bestPoint: (picture: RGBImage, distance: Float)? {
    best.map { ($0.picture, $0.distance) } ?? nearest
  }

  var result: AttackResult {
    let point = bestPoint ?? (source, before)
    return AttackResult(
      theta: theta, distanceBefore: before, picture: point.picture, distance: point.distance,
      perturbation: Perturbation(from: source, to: point.picture), gradients: gradients)
  }

  /// Takes note of a picture and its distance.
  mutating func consider(_ picture: RGBImage, _ distance: Float) {
    if nearest.map({ distance < $0.distance }) ?? true { nearest = (picture, distance) }
    if distance < theta {
      let cost = Perturbation(from: source, to: picture).l2
      if best.map({ cost < $0.cost }) ?? true { best = (picture, distance, cost) }
      // Below by more than needed: aim closer, but never at the constraint itself.
      reserve = max(0.0005, 0.6 * reserve - 0.3 * max(0, theta - distance - reserve))
    } else if distance < theta + 0.2 {
      reserve = min(0.3, reserve + 0.8 * (distance - theta))
    }
  }

  /// The lattice point that solves the problem linearised at `picture`, damped.
  ///
  /// r ← round((1 − β) v − λ g), with v the unrounded change of the last step. β = 1 would be the
  /// undamped iteration, which overshoots where the gradient turns quickly; a small β first goes to
  /// the constraint, larger ones then pull the change in.
  mutating func next(from picture: RGBImage, _ at: MinimumNormAttack.Evaluation) -> RGBImage {
    gradients += 1
    let g = at.gradient
    let damping: Float = best == nil ? 0.02 : pull
    let kept = change.map { $0 * (1 - damping) }
    // Far from the constraint the model is not trusted with the whole way at once.
    let goal = max(theta - reserve, at.distance - 0.25)
    let needed = Double(at.distance - goal)
    let largest = g.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else { return picture }
    var (low, high): (Float, Float) = (0, 0.5 / largest)
    if gain(0, g, kept, picture) >= needed {
      // Even without a new step the pulled-in change is enough: take only the pull.
      high = 0
    } else {
      while gain(high, g, kept, picture) < needed && high * largest < 64 { high *= 2 }
      for _ in 0..<14 {
        let middle = 0.5 * (low + high)
        if gain(middle, g, kept, picture) < needed { low = middle } else { high = middle }
      }
    }
    var pixels = source.pixels
    for i in g.indices {
      change[i] = kept[i] - high * g[i]
      pixels[i] = moved(source.pixels[i], change[i])
    }
    return RGBImage(width: source.width, height: source.height, pixels: pixels)
  }

  /// The share of the change that each step gives up once a success is known, less each time.
  private var pull: Float { max(0.05, 0.3 / (1 + 0.15 * Float(gradients))) }

  private func moved(_ pixel: UInt8, _ change: Float) -> UInt8 {
    UInt8(clamping: Int(pixel) + Int(change.rounded()))
  }

  /// The decrease of d² that the linear model at `picture` promises for a step of λ.
  private func gain(_ lambda: Float, _ g: [Float], _ kept: [Float], _ picture: RGBImage) -> Double {
    var sum: Float = 0
    source.pixels.withUnsafeBufferPointer { pixels in
      picture.pixels.withUnsafeBufferPointer { present in
        g.withUnsafeBufferPointer { g in
          kept.withUnsafeBufferPointer { kept in
            for i in g.indices {
              let target = (Float(pixels[i]) + kept[i] - lambda * g[i]).rounded()
              sum -= g[i] * (min(255, max(0, target)) - Float(present[i]))
            }
          }
        }
      }
    }
    return Double(sum)
  }
}
