import Foundation

extension FaceCanvas {
  /// Means of so many neighbours along each row; the ends repeat.
  func smear(_ length: Int) {
    let copy = Array(values)
    let reach = max(0, length / 2)
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<3 {
          var sum: Float = 0
          for offset in -reach...reach {
            sum += copy[(y * width + min(max(x + offset, 0), width - 1)) * 3 + channel]
          }
          values[(y * width + x) * 3 + channel] = sum / Float(2 * reach + 1)
        }
      }
    }
  }

  /// Whole grey levels within 0…255, as a camera stores them before anybody brightens the picture.
  func round() {
    for index in values.indices { values[index] = min(max(values[index], 0), 255).rounded() }
  }

  /// Darkens from one side to the other, down to a share of the light.
  func shade(to share: Float, leftToRight: Bool) {
    for y in 0..<height {
      for x in 0..<width {
        let place = Float(leftToRight ? x : width - 1 - x) / Float(max(1, width - 1))
        // Steep in the middle of the face, as a nose throws its shadow.
        let light = 1 - (1 - share) / (1 + expf(-16 * (place - 0.5)))
        for channel in 0..<3 { values[(y * width + x) * 3 + channel] *= light }
      }
    }
  }

  /// Turns around the middle, the nearest pixel each; outside the edge repeats.
  func turn(degrees: Float) {
    let copy = Array(values)
    let (cosine, sine) = (cosf(degrees * .pi / 180), sinf(degrees * .pi / 180))
    let (middleX, middleY) = (Float(width - 1) / 2, Float(height - 1) / 2)
    for y in 0..<height {
      for x in 0..<width {
        let (dx, dy) = (Float(x) - middleX, Float(y) - middleY)
        let column = Int((middleX + cosine * dx + sine * dy).rounded())
        let row = Int((middleY - sine * dx + cosine * dy).rounded())
        let from = (min(max(row, 0), height - 1) * width + min(max(column, 0), width - 1)) * 3
        for channel in 0..<3 { values[(y * width + x) * 3 + channel] = copy[from + channel] }
      }
    }
  }
}
