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
