package import Faces
private import Geometry

extension FaceSeeker {
  /// The middle of the cell with this index, in pixels.
  package static func centre(_ index: Int) -> Double {
    (Double(index) + 0.5) * Double(FaceSeeker.stride) - 0.5
  }

  /// The points that a cell's ten numbers stand for.
  package static func landmarks(of numbers: some Collection<Float>, x: Double, y: Double)
    -> Landmarks
  {
    let numbers = Array(numbers)
    return Landmarks(
      points: (0..<5).map {
        Point(
          x: x + Double(numbers[2 * $0]) * FaceSeeker.unit,
          y: y + Double(numbers[2 * $0 + 1]) * FaceSeeker.unit)
      })
  }
}

extension FaceRefiner {
  /// The points in the window that ten numbers stand for.
  package static func landmarks(of numbers: some Collection<Float>) -> Landmarks {
    let numbers = Array(numbers)
    return Landmarks(
      points: Landmarks.usualInWindow.points.enumerated().map { index, usual in
        Point(
          x: usual.x + Double(numbers[2 * index]) * FaceRefiner.unit,
          y: usual.y + Double(numbers[2 * index + 1]) * FaceRefiner.unit)
      })
  }
}
