private import FaceFinding
internal import Faces
internal import Geometry

/// What the seeker should say of a square patch.
enum SeekerTargets {
  /// A label for each cell, row by row.
  ///
  /// The cells in the middle of a face of fitting size are the face. What lies around them within
  /// its box, and faces a little too small or too large, count for nothing.
  static func labels(
    _ faces: [PatchComposer.Face], side: Int
  ) throws -> [DetectionTargets.Label] {
    let cells = side / FaceSeeker.stride
    var labels = [DetectionTargets.Label](repeating: .background, count: cells * cells)
    for face in faces {
      let box = try FaceBox(around: face.landmarks)
      let size = box.width
      guard (15...76).contains(size) else { continue }
      let fits = (20...58).contains(size)
      for row in 0..<cells {
        for column in 0..<cells {
          let (x, y) = (FaceSeeker.centre(column), FaceSeeker.centre(row))
          let distance = max(abs(x - box.centre.x), abs(y - box.centre.y))
          if fits && (distance < 0.22 * size || distance <= 4) {
            labels[row * cells + column] = .face(points: coordinates(face.landmarks, x: x, y: y))
          } else if distance < (fits ? 0.4 : 0.5) * size {
            labels[row * cells + column] = .ignored
          }
        }
      }
    }
    return labels
  }

  private static func coordinates(_ landmarks: Landmarks, x: Double, y: Double) -> [Float] {
    landmarks.points.flatMap {
      [Float(($0.x - x) / FaceSeeker.unit), Float(($0.y - y) / FaceSeeker.unit)]
    }
  }
}

/// What the refiner should say of a window.
enum RefinerTargets {
  /// The ten numbers for points in the window.
  static func coordinates(_ landmarks: Landmarks) -> [Float] {
    zip(landmarks.points, Landmarks.usualInWindow.points).flatMap { point, usual in
      [
        Float((point.x - usual.x) / FaceRefiner.unit),
        Float((point.y - usual.y) / FaceRefiner.unit),
      ]
    }
  }
}
