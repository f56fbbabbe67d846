public import FaceFinding
private import Faces
private import Foundation
public import Images

/// What is measured of an aligned face, one number a part, each in its own unit; larger is better.
///
/// The middle of the face is looked at, 80×80 pixels of the frame's 128×128.
public struct PictureMeasures: Equatable, Sendable {
  /// The measured numbers.
  public private(set) var values: [QualityPart: Double] = [:]

  private static let inner = 24..<104

  /// Measures an aligned face, 128×128.
  ///
  /// - `detector`: what looks at the face; without one, `face` and `pose` are not measured.
  public init(_ face: RGBImage, detector: FaceDetector?) {
    let grey = Brightness(face, rows: Self.inner, columns: Self.inner)
    let deviation = max(grey.deviation(0..<80), 1e-6)
    values[.sharpness] = log(FaceFinder.sharpness(of: face) + 0.05)
    values[.motion] = grey.evenness
    values[.contrast] = log(deviation + 1)
    values[.exposure] = grey.shareWithin(4...251)
    values[.lighting] =
      -abs(log((grey.deviation(0..<40) + 1) / (grey.deviation(40..<80) + 1)))
    values[.noise] = -log(grey.noise / deviation + 0.01)
    let details = grey.octaves(4)
    values[.resolution] =
      log10(details[1] + 1e-4) - log10(details[2] + details[3] + 1e-4)
    if let detector, let seen = detector.opinion(ofAligned: face) {
      values[.face] = seen.logit
      values[.pose] = -seen.residual
    }
  }

  /// Adds what the embedding shows of the person: minus the predicted loss.
  mutating func add(identityLoss: Double) { values[.recognizability] = -identityLoss }
}

/// The brightness of a part of a picture, 0…255.
private struct Brightness {
  private let rows: [[Double]]

  init(_ picture: RGBImage, rows: Range<Int>, columns: Range<Int>) {
    let grey = picture.luminance
    self.rows = rows.map { y in columns.map { Double(grey[y * picture.width + $0]) } }
  }

  /// The standard deviation within columns.
  func deviation(_ columns: Range<Int>) -> Double {
    let count = Double(rows.count * columns.count)
    var (sum, squares) = (0.0, 0.0)
    for row in rows {
      for x in columns { (sum, squares) = (sum + row[x], squares + row[x] * row[x]) }
    }
    return max(0, squares / count - (sum / count) * (sum / count)).squareRoot()
  }

  /// The share of pixels of these values.
  func shareWithin(_ range: ClosedRange<Double>) -> Double {
    let inside = rows.reduce(0) { $0 + $1.count(where: range.contains) }
    return Double(inside) / Double(rows.count * rows[0].count)
  }

  /// The standard deviation of noise, by the median of what a mask leaves that takes away planes and edges.
  ///
  /// Reference: Immerkær, "Fast noise variance estimation", 1996; the median in place of the mean, as faces
  /// have edges.
  var noise: Double {
    var left: [Double] = []
    for y in 1..<rows.count - 1 {
      let (above, row, below) = (rows[y - 1], rows[y], rows[y + 1])
      for x in 1..<row.count - 1 {
        let corners = above[x - 1] + above[x + 1] + below[x - 1] + below[x + 1]
        let sides = above[x] + below[x] + row[x - 1] + row[x + 1]
        left.append(abs(corners - 2 * sides + 4 * row[x]))
      }
    }
    left.sort()
    // The mask multiplies the deviation by six; the median of |N(0, 1)| is 0.6745.
    return left[left.count / 2] / 6 / 0.6745
  }

  /// Minus the largest log-ratio of mean second differences between two of four directions.
  var evenness: Double {
    var sums = [Double](repeating: 0, count: 4)
    for y in 1..<rows.count - 1 {
      let (above, row, below) = (rows[y - 1], rows[y], rows[y + 1])
      for x in 1..<row.count - 1 {
        let twice = 2 * row[x]
        sums[0] += abs(twice - row[x - 1] - row[x + 1])
        sums[1] += abs(twice - above[x] - below[x])
        sums[2] += abs(twice - above[x - 1] - below[x + 1])
        sums[3] += abs(twice - above[x + 1] - below[x - 1])
      }
    }
    let count = Double((rows.count - 2) * (rows[0].count - 2))
    let logs = sums.map { log($0 / count + 0.05) }
    return (logs.min() ?? 0) - (logs.max() ?? 0)
  }

  /// The mean squares of what halving the picture loses, finest first: periods of 2 to 4 pixels, of 4 to
  /// 8, …
  func octaves(_ count: Int) -> [Double] {
    var (level, energies) = (rows, [Double]())
    for _ in 0..<count {
      let (height, width) = (level.count / 2, level[0].count / 2)
      var (coarser, energy) = ([[Double]](), 0.0)
      for y in 0..<height {
        let (above, below) = (level[2 * y], level[2 * y + 1])
        coarser.append(
          (0..<width).map { x in
            let four = [above[2 * x], above[2 * x + 1], below[2 * x], below[2 * x + 1]]
            let mean = (four[0] + four[1] + four[2] + four[3]) / 4
            for value in four { energy += (value - mean) * (value - mean) }
            return mean
          })
      }
      energies.append(energy / Double(4 * height * width))
      level = coarser
    }
    return energies
  }
}
