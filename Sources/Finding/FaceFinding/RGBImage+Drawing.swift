internal import Faces
private import Geometry
public import Images

extension RGBImage {
  /// The picture with a face's box in green and its points in red.
  public func drawn(with face: DetectedFace) -> RGBImage {
    var (result, thick) = (pixels, max(1, Int(face.box.width / 60)))
    func fill(_ x: Range<Int>, _ y: Range<Int>, _ colour: (UInt8, UInt8, UInt8)) {
      for row in y.clamped(to: 0..<height) {
        for column in x.clamped(to: 0..<width) {
          let start = (row * width + column) * 3
          (result[start], result[start + 1], result[start + 2]) = colour
        }
      }
    }
    // A box may reach beyond the picture, but not so far that its edges overflow.
    let reach = Double(4 * (width + height))
    func whole(_ x: Double) -> Int { Int(min(max(x, -reach), reach).rounded()) }
    let (left, top) = (whole(face.box.x), whole(face.box.y))
    let (right, bottom) = (
      max(left, whole(face.box.x + face.box.width)), max(top, whole(face.box.y + face.box.height))
    )
    let green: (UInt8, UInt8, UInt8) = (0, 220, 60)
    fill(left..<right + thick, top..<top + thick, green)
    fill(left..<right + thick, bottom..<bottom + thick, green)
    fill(left..<left + thick, top..<bottom + thick, green)
    fill(right..<right + thick, top..<bottom + thick, green)
    for point in face.landmarks.points {
      let (x, y) = (whole(point.x), whole(point.y))
      fill(x - thick..<x + thick + 1, y - thick..<y + thick + 1, (240, 30, 30))
    }
    return RGBImage(width: width, height: height, pixels: result)
  }
}
