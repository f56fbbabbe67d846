internal import Images

/// The search for one pair and one threshold: where to go next, and the best picture so far.
struct Search {
  let source: RGBImage
  let theta: Float
  let before: Float
  /// How far below θ the linear model aims: what curvature and rounding took last time.
  private var reserve: Float = 0.002
  private(set) var gradients = 0
  private var best: (picture: RGBImage, distance: Float, cost: Double)?
  private var nearest: (picture: RGBImage, distance: Float)?

  init(source: RGBImage, theta: Float, before: Float) {
    (self.source, self.theta, self.before) = (source, theta, before)
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
      reserve = max(0.0005, reserve * 0.5)
    } else if best != nil || distance < theta + 0.05 {
      reserve = min(0.1, max(reserve * 1.5, 0.5 * (distance - theta)))
    }
  }

  /// The lattice point that solves the problem linearised at `picture`.
  mutating func next(from picture: RGBImage, _ at: MinimumNormAttack.Evaluation) -> RGBImage {
    gradients += 1
    let g = at.gradient
    // The change of d² that the linear model has to reach, seen from the source.
    var offset = 0.0
    for i in g.indices {
      offset += Double(g[i]) * Double(Int(picture.pixels[i]) - Int(source.pixels[i]))
    }
    // Far from the constraint the model is not trusted with the whole way at once.
    let goal = max(theta - reserve, at.distance - 0.35)
    let needed = Double(at.distance - goal) - offset
    guard needed > 0 else { return source }
    var (low, high) = (0.0, 1.0)
    let largest = Double(g.reduce(0) { max($0, abs($1)) })
    guard largest > 0 else { return picture }
    high = 0.5 / largest
    while gain(high, g) < needed && high * largest < 512 { high *= 2 }
    for _ in 0..<18 {
      let middle = 0.5 * (low + high)
      if gain(middle, g) < needed { low = middle } else { high = middle }
    }
    var pixels = source.pixels
    for i in g.indices { pixels[i] = UInt8(clamping: Int(pixels[i]) + step(high, g[i])) }
    return RGBImage(width: source.width, height: source.height, pixels: pixels)
  }

  private func step(_ lambda: Double, _ g: Float) -> Int {
    Int((-lambda * Double(g)).rounded())
  }

  /// The decrease of d² that the linear model promises for round(−λ g), clipped to 0…255.
  private func gain(_ lambda: Double, _ g: [Float]) -> Double {
    var sum = 0.0
    source.pixels.withUnsafeBufferPointer { pixels in
      g.withUnsafeBufferPointer { g in
        for i in g.indices {
          let value = Int(pixels[i])
          let moved = min(255, max(0, value + step(lambda, g[i])))
          sum -= Double(g[i]) * Double(moved - value)
        }
      }
    }
    return sum
  }
}
