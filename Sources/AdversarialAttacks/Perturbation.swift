public import Images

/// How much a picture was changed, over all its 8-bit values.
public struct Perturbation: Equatable, Sendable, Codable {
  /// ‖r‖₂ in grey levels.
  public let l2: Double
  /// The root mean square in grey levels.
  public let rms: Double
  /// The largest change in grey levels.
  public let maximum: Int

  /// Measures the change between two pictures.
  ///
  /// - Precondition: both have the same size.
  public init(from source: RGBImage, to changed: RGBImage) {
    precondition(
      source.width == changed.width && source.height == changed.height,
      "a \(source.width)×\(source.height) and a \(changed.width)×\(changed.height) picture")
    var (sum, largest) = (0, 0)
    for (a, b) in zip(source.pixels, changed.pixels) {
      let difference = abs(Int(a) - Int(b))
      sum += difference * difference
      largest = max(largest, difference)
    }
    l2 = Double(sum).squareRoot()
    rms = (Double(sum) / Double(max(1, source.pixels.count))).squareRoot()
    maximum = largest
  }
}

/// What an attack on one pair at one threshold came to.
public struct AttackResult: Sendable {
  /// The squared distance that was to be undercut.
  public let theta: Float
  /// The squared distance of source and target before.
  public let distanceBefore: Float
  /// The best picture found: the smallest change that succeeds, or the nearest to the target.
  public let picture: RGBImage
  /// The squared distance of that picture and the target.
  public let distance: Float
  /// How much the source was changed.
  public let perturbation: Perturbation
  /// Gradients computed for this result.
  public let gradients: Int
  /// Whether the pair was a non-match at θ before, and is a match now.
  public var succeeded: Bool { distanceBefore >= theta && distance < theta }

  /// The same picture as the result for another threshold.
  func at(_ theta: Float, gradients: Int) -> AttackResult {
    AttackResult(
      theta: theta, distanceBefore: distanceBefore, picture: picture, distance: distance,
      perturbation: perturbation, gradients: gradients)
  }
}
