private import FaceFinding
internal import Faces
internal import Geometry
private import Glibc
internal import Images
internal import SeededRandom

/// Makes the pictures that the detector learns from: faces on backgrounds, and what is no face.
struct PatchComposer: Sendable {
  /// A face in a patch.
  struct Face: Sendable {
    let landmarks: Landmarks
    let isExact: Bool
  }

  /// Faces whose points were found in their pictures, and aligned ones.
  let exact, aligned: [FaceExamples.Example]

  /// One of the pictures, mirrored half of the time, with its face's points.
  func draw(
    alignedShare: Float, _ random: inout SplitMix64
  ) throws -> (picture: RGBImage, face: Face) {
    let usesAligned = !aligned.isEmpty && random.happens(withProbability: alignedShare)
    let pool = usesAligned ? aligned : exact
    let example = pool[random.uniform(in: 0..<pool.count)]
    let picture = try example.picture()
    guard random.happens(withProbability: 0.5) else {
      return (picture, Face(landmarks: example.landmarks, isExact: example.isExact))
    }
    return (
      picture.flippedHorizontally(),
      Face(
        landmarks: example.landmarks.mirrored(width: picture.width), isExact: example.isExact)
    )
  }

  /// A square picture for the seeker, and the faces in it.
  func patch(
    side: Int, _ random: inout SplitMix64
  ) throws -> (picture: RGBImage, faces: [Face]) {
    var canvas = try background(side: side, &random)
    var faces: [Face] = []
    let count =
      random.happens(withProbability: 0.2) ? 0 : random.happens(withProbability: 0.2) ? 2 : 1
    for _ in 0..<count {
      let (picture, face) = try draw(alignedShare: 0.3, &random)
      let size =
        random.happens(withProbability: 0.7)
        ? exp(random.uniform(in: 3.0...4.06)) : exp(random.uniform(in: 2.3...5.1))
      let transform = try placement(
        of: face, size: Double(size), turn: turn(&random),
        centre: (random.uniform(in: -0.05...1.05), random.uniform(in: -0.05...1.05)), side: side)
      let moved = Face(landmarks: face.landmarks.moved(by: transform), isExact: face.isExact)
      let box = try FaceBox(around: moved.landmarks)
      // A second face must not lie on the first.
      if try faces.contains(where: { try FaceBox(around: $0.landmarks).overlap(with: box) > 0 }) {
        continue
      }
      let coversAll = faces.isEmpty && face.isExact && random.happens(withProbability: 0.5)
      canvas.paste(picture, by: transform, coversAll: coversAll)
      faces.append(moved)
    }
    return (PatchAugmentation.applied(to: canvas, &random), faces)
  }

  /// A window for the refiner around where a face was supposed, and how right that was.
  func window(
    roughly isRough: Bool, _ random: inout SplitMix64
  ) throws -> (picture: RGBImage, face: Face) {
    let (picture, face) = try draw(alignedShare: 0.2, &random)
    let (shift, scale, angle): (Float, Float, Float) =
      isRough ? (0.13, 0.25, 0.45) : (0.04, 0.08, 0.1)
    return try window(
      picture, face,
      shift: (random.uniform(in: -shift...shift), random.uniform(in: -shift...shift)),
      scale: exp(random.uniform(in: -scale...scale)), turn: random.uniform(in: -angle...angle),
      &random)
  }

  /// A window beside a face, or one that sees far too much or too little of it.
  func missedWindow(_ random: inout SplitMix64) throws -> RGBImage {
    let (picture, face) = try draw(alignedShare: 0.1, &random)
    var (shift, scale): (Float, Float) = (0, 1)
    if random.happens(withProbability: 0.5) {
      shift = random.uniform(in: 0.45...1.1)
    } else {
      scale =
        random.happens(withProbability: 0.5)
        ? random.uniform(in: 1.9...4) : random.uniform(in: 0.25...0.52)
    }
    let direction = random.uniform(in: 0...6.2832)
    let jitter = random.uniform(in: 0...0.2)
    return try window(
      picture, face,
      shift: (
        (shift + jitter) * cosine(direction), (shift + jitter) * cosine(direction - 1.5708)
      ),
      scale: scale, turn: turn(&random), &random
    ).picture
  }

  private func window(
    _ picture: RGBImage, _ face: Face, shift: (x: Float, y: Float), scale: Float, turn: Float,
    _ random: inout SplitMix64
  ) throws -> (picture: RGBImage, face: Face) {
    let side = FaceRefiner.side
    let (middle, size) = (Double(side - 1) / 2, FaceBox.frameSide / Double(AlignedFrame.side))
    let exact = try face.landmarks.windowTransform()
    let change = SimilarityTransform(
      turn: Double(turn), scale: Double(scale), aroundX: middle, y: middle,
      shiftX: Double(shift.x) * size * Double(side), shiftY: Double(shift.y) * size * Double(side))
    let transform = exact.followed(by: change)
    var canvas = picture.moved(by: transform, width: side, height: side)
    if random.happens(withProbability: 0.3) {
      canvas = try background(side: side, &random)
      canvas.paste(picture, by: transform, coversAll: false)
    }
    return (
      PatchAugmentation.applied(to: canvas, &random),
      Face(landmarks: face.landmarks.moved(by: transform), isExact: face.isExact)
    )
  }

  /// Mostly upright, up to 40° either way.
  private func turn(_ random: inout SplitMix64) -> Float {
    let width: Float = random.happens(withProbability: 0.5) ? 0.25 : 0.7
    return random.uniform(in: -width...width)
  }

  /// The transform that gives a face its size, turn and place in a patch.
  private func placement(
    of face: Face, size: Double, turn: Float, centre: (x: Float, y: Float), side: Int
  ) throws -> SimilarityTransform {
    let box = try FaceBox(around: face.landmarks)
    let (x, y) = (Double(centre.x) * Double(side), Double(centre.y) * Double(side))
    return SimilarityTransform(
      turn: Double(turn), scale: size / box.width, aroundX: box.centre.x, y: box.centre.y,
      shiftX: x - box.centre.x, shiftY: y - box.centre.y)
  }
}
