private import Foundation

/// The mean structural similarity of two pictures' brightness, 1 for equal ones.
///
/// In every 11×11 window that lies inside the pictures, weighted by a Gaussian of σ = 1.5,
/// SSIM = (2μxμy + C1)(2σxy + C2) / ((μx² + μy² + C1)(σx² + σy² + C2)) with C1 = (0.01·255)² and
/// C2 = (0.03·255)²; the result is the mean over the windows, in −1…1.
///
/// Reference: Wang, Bovik, Sheikh, Simoncelli, "Image quality assessment: from error visibility to
/// structural similarity", 2004, equation 13 and section III-C.
public enum StructuralSimilarity {
  /// Rows and columns of the window.
  public static let window = 11
  /// The window's weights along one axis; their sum is 1.
  private static let weights: [Double] = {
    let raw = (0..<window).map { place in
      let distance = Double(place - window / 2)
      return exp(-distance * distance / (2 * 1.5 * 1.5))
    }
    let sum = raw.reduce(0, +)
    return raw.map { $0 / sum }
  }()

  /// Compares two pictures.
  ///
  /// - Precondition: both have one size, of at least 11×11 pixels.
  public static func mean(_ first: RGBImage, _ second: RGBImage) -> Double {
    precondition(
      first.width == second.width && first.height == second.height,
      "\(first.width)×\(first.height) and \(second.width)×\(second.height) pixels")
    precondition(
      first.width >= window && first.height >= window,
      "\(first.width)×\(first.height) pixels hold no window of \(window)×\(window)")
    let (x, y) = (first.luminance.map(Double.init), second.luminance.map(Double.init))
    func smooth(_ values: [Double]) -> [Double] {
      filtered(values, width: first.width, height: first.height)
    }
    let (meanX, meanY) = (smooth(x), smooth(y))
    let (squareX, squareY) = (smooth(x.map { $0 * $0 }), smooth(y.map { $0 * $0 }))
    let product = smooth(zip(x, y).map { $0 * $1 })
    let (c1, c2) = ((0.01 * 255) * (0.01 * 255), (0.03 * 255) * (0.03 * 255))
    var sum = 0.0
    for i in meanX.indices {
      let (mx, my) = (meanX[i], meanY[i])
      let (vx, vy, covariance) = (squareX[i] - mx * mx, squareY[i] - my * my, product[i] - mx * my)
      sum +=
        (2 * mx * my + c1) * (2 * covariance + c2)
        / ((mx * mx + my * my + c1) * (vx + vy + c2))
    }
    return sum / Double(meanX.count)
  }

  /// Weighted means over every window inside the picture, row by row.
  private static func filtered(_ values: [Double], width: Int, height: Int) -> [Double] {
    let (columns, rows) = (width - window + 1, height - window + 1)
    var across = [Double](repeating: 0, count: height * columns)
    for y in 0..<height {
      for x in 0..<columns {
        var sum = 0.0
        for k in 0..<window { sum += weights[k] * values[y * width + x + k] }
        across[y * columns + x] = sum
      }
    }
    var result = [Double](repeating: 0, count: rows * columns)
    for y in 0..<rows {
      for x in 0..<columns {
        var sum = 0.0
        for k in 0..<window { sum += weights[k] * across[(y + k) * columns + x] }
        result[y * columns + x] = sum
      }
    }
    return result
  }
}
