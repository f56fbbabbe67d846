internal import Geometry
private import Glibc
internal import Images
private import KernelSupport

/// The reference attack: minimise ‖r‖² + c · max(0, d² − θ + κ), with a search for the constant c.
///
/// Pixels are x = 127.5 (tanh w + 1), which keeps them in range without clipping; w is moved by Adam.
/// The distance is taken at the rounded picture and its gradient passes the rounding unchanged. Each
/// trial starts at the source; c grows tenfold until a trial succeeds and is then halved
/// geometrically between the last failure and the last success. ‖r‖² is in units of the pixel range.
/// Slow: its use is to tell how good a fast attack is.
///
/// Reference: Carlini and Wagner, "Towards evaluating the robustness of neural networks", 2017,
/// section V.
public struct CarliniWagnerAttack: Attack {
  /// Gradients of each trial.
  public var iterations: Int
  /// Trials of the constant at each threshold.
  public var trials: Int
  /// Adam's rate, of w.
  public var rate: Float
  /// κ: how far below θ the distance is pulled.
  public var confidence: Float
  /// The first constant.
  public var constant: Float

  /// Creates the attack.
  public init(
    iterations: Int = 100, trials: Int = 6, rate: Float = 0.01, confidence: Float = 0.001,
    constant: Float = 1
  ) {
    (self.iterations, self.trials, self.rate) = (iterations, trials, rate)
    (self.confidence, self.constant) = (confidence, constant)
  }

  public var settings: [String: String] {
    [
      "iterations": "\(iterations)", "trials": "\(trials)", "rate": "\(rate)",
      "confidence": "\(confidence)", "constant": "\(constant)",
    ]
  }

  public func search(_ run: inout AttackRun) {
    for theta in run.thetas {
      let rows = run.open(at: theta)
      var bounds = rows.map { _ in (constant: constant, failed: Float(0), worked: Float?.none) }
      for _ in 0..<trials where !rows.isEmpty {
        var points = rows.map { Point(run.pairs.sources[$0]) }
        var worked = rows.map { _ in false }
        for _ in 0..<iterations {
          let at = run.evaluate(
            points.map(\.picture), rows: rows, unrounded: points.map(\.levels), theta: theta)
          let constants = bounds.map(\.constant)
          for place in rows.indices where at[place].value < theta { worked[place] = true }
          points.withUnsafeMutableBufferPointer { points in
            // Unchecked: each iteration has its own point.
            nonisolated(unsafe) let points = points
            WorkerPool.shared.forEach(rows.count) { place in
              let isAbove = at[place].value - theta + confidence > 0
              points[place].step(
                at[place].gradient, weight: isAbove ? constants[place] : 0, rate: rate)
            }
          }
        }
        for place in rows.indices {
          let tried = bounds[place].constant
          if worked[place] { bounds[place].worked = tried } else { bounds[place].failed = tried }
          switch bounds[place].worked {
          case nil: bounds[place].constant = tried * 10
          case let good? where bounds[place].failed == 0: bounds[place].constant = good / 10
          case let good?: bounds[place].constant = (good * bounds[place].failed).squareRoot()
          }
        }
      }
    }
  }

  /// One trial of one pair: w and Adam's means.
  private struct Point {
    let source: RGBImage
    let origin: [Float]
    var w: [Float]
    var first, second: [Float]
    var steps = 0

    init(_ source: RGBImage) {
      self.source = source
      origin = GreyLevels.of(source)
      // A little inside the range: tanh reaches its ends nowhere.
      w = origin.map { atanhf(0.999999 * ($0 / 127.5 - 1)) }
      first = [Float](repeating: 0, count: origin.count)
      second = first
    }

    var levels: [Float] { w.map { 127.5 * (tanhf($0) + 1) } }
    var picture: RGBImage { GreyLevels.picture(levels, like: source) }

    /// One step of Adam on ‖r‖² + weight · d².
    mutating func step(_ gradient: [Float], weight: Float, rate: Float) {
      steps += 1
      let (beta1, beta2): (Float, Float) = (0.9, 0.999)
      let correction = (1 - powf(beta2, Float(steps))).squareRoot()
      let scaled = rate * correction / (1 - powf(beta1, Float(steps)))
      for i in w.indices {
        let t = tanhf(w[i])
        let r = (127.5 * (t + 1) - origin[i]) / 255
        // Grey levels are 127.5 (tanh w + 1); the norm is in units of the range of 255.
        let slope = (2 * r / 255 + weight * gradient[i]) * 127.5 * (1 - t * t)
        first[i] = beta1 * first[i] + (1 - beta1) * slope
        second[i] = beta2 * second[i] + (1 - beta2) * slope * slope
        w[i] -= scaled * first[i] / (second[i].squareRoot() + 1e-8 * correction)
      }
    }
  }
}
