package import Faces
private import Geometry
package import JSON

extension Landmarks {
  /// Five points, `[[x, y], …]`: eyes, nose, corners of the mouth; the picture's left first.
  ///
  /// - Throws: ``Problem`` with the code `malformed`.
  package init(_ value: JSONValue, name: String) throws(Problem) {
    let points = (value.array ?? []).compactMap { point -> Point? in
      guard let pair = point.array, pair.count == 2, let x = pair[0].number,
        let y = pair[1].number, abs(x) <= 1e6, abs(y) <= 1e6
      else { return nil }
      return Point(x: x, y: y)
    }
    guard points.count == 5, value.array?.count == 5 else {
      throw .malformed(
        "'\(name)' is no list of five points; expected [[x, y], …]: left eye, right eye, nose, "
          + "left and right corner of the mouth, in pixels")
    }
    self.init(
      leftEye: points[0], rightEye: points[1], nose: points[2], leftMouth: points[3],
      rightMouth: points[4])
  }
}
