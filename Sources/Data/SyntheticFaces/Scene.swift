import Faces
import Geometry

/// One person in one appearance, ready to be drawn at any size.
struct Scene {
  private let person: Person
  private let appearance: Appearance
  private let shape: HeadShape
  private let pose: Pose

  init(_ person: Person, _ appearance: Appearance) {
    (self.person, self.appearance) = (person, appearance)
    shape = HeadShape(person, appearance)
    pose = Pose(appearance)
  }

  /// The landmarks on the plane through the head, in millimetres.
  var flatLandmarks: Landmarks {
    func point(_ x: Float, _ y: Float) -> Point {
      let (u, v) = Camera.flat(pose.applied(shape.frontal(x: x, y: y)))
      return Point(x: Double(u), y: Double(v))
    }
    let corner = shape.mouthY + shape.cornerRise
    return Landmarks(
      leftEye: point(-shape.eyeX, 0), rightEye: point(shape.eyeX, 0),
      nose: point(0, shape.noseY), leftMouth: point(-shape.mouthHalf, corner),
      rightMouth: point(shape.mouthHalf, corner))
  }

  /// Draws through a camera that maps the plane to pixels.
  func drawn(_ view: SimilarityTransform, _ flat: Landmarks, side: Int) -> RenderedFace {
    func pixel(_ p: Point) -> Point {
      let q = view.applied(x: p.x, y: p.y)
      return Point(x: q.x, y: q.y)
    }
    let landmarks = Landmarks(
      leftEye: pixel(flat.leftEye), rightEye: pixel(flat.rightEye), nose: pixel(flat.nose),
      leftMouth: pixel(flat.leftMouth), rightMouth: pixel(flat.rightMouth))
    // Pixel (x, y) of the picture is the mean of columns 2x, 2x + 1 and rows 2y, 2y + 1.
    let camera = Camera(
      a: Float(2 * view.a), b: Float(2 * view.b), x: Float(2 * view.shiftX + 0.5),
      y: Float(2 * view.shiftY + 0.5))
    let lighting = Lighting(appearance)
    let buffer = surfaces(camera, lighting, side: 2 * side)
    var film = Film(side: side)
    film.expose(Paint(shape, lighting), buffer)
    return RenderedFace(image: film.developed(appearance), landmarks: landmarks)
  }

  private func surfaces(_ camera: Camera, _ lighting: Lighting, side: Int) -> SurfaceBuffer {
    let mesh = HeadMesh(shape)
    let (head, curtain) = (mesh.head(pose), mesh.curtain(pose))
    let torso = mesh.torso(Pose(appearance, share: 0.3))
    var shadows = ShadowMap(direction: lighting.direction)
    shadows.add(head.points)
    if let curtain { shadows.add(curtain.points) }
    var buffer = SurfaceBuffer(width: side, height: side)
    buffer.draw(
      head.vertices(lighting, shadows, camera), columns: head.columns, material: .head)
    if let curtain {
      buffer.draw(
        curtain.vertices(lighting, shadows, camera, reach: 2), columns: curtain.columns,
        material: .curtain, isTwoSided: true)
    }
    buffer.draw(
      torso.vertices(lighting, shadows, camera, reach: 3), columns: torso.columns, material: .torso)
    if appearance.glasses { Glasses(shape).draw(into: &buffer, pose, camera) }
    return buffer
  }
}
