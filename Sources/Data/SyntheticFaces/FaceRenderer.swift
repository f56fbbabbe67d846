public import Faces
private import Geometry
public import Images

/// A drawn picture, and where the face is in it.
public struct RenderedFace: Equatable, Sendable {
  /// The picture.
  public let image: RGBImage
  /// The pupils' places between open lids, the tip of the nose, the corners of the mouth; pixels.
  public let landmarks: Landmarks
}

/// Draws people who do not exist.
///
/// Heads are bent sheets with relief, seen through a camera at 1.3 m, lit by one light with soft
/// shadows and by light from everywhere, drawn at twice the size and averaged. Everything is
/// computed in one thread and in a fixed order: the same two parameter sets give the same pixels.
///
///     let person = Person(seed: 7)
///     let face = FaceRenderer.alignedFace(of: person, Appearance(seed: 1)).image
public enum FaceRenderer {
  /// Draws a face in the aligned frame, 128×128.
  public static func alignedFace(of person: Person, _ appearance: Appearance) -> RenderedFace {
    let scene = Scene(person, appearance)
    let flat = scene.flatLandmarks
    // Drawn landmarks are never in one place, which is all that alignment refuses.
    let camera = (try? AlignedFrame.similarity(for: flat)) ?? .identity
    return scene.drawn(camera, flat, side: AlignedFrame.side)
  }

  /// Draws a head and shoulders, not aligned; a square picture.
  ///
  /// - Precondition: `side` is in 32…2048.
  public static func photograph(
    of person: Person, _ appearance: Appearance, side: Int = 320
  ) -> RenderedFace {
    precondition((32...2048).contains(side), "a side of \(side) pixels; expected 32…2048")
    let scene = Scene(person, appearance)
    let noise = PlaneNoise(seed: UInt32(truncatingIfNeeded: appearance.seed ^ 0x5bd1))
    let scale = Double(side) * Double(0.0022 + 0.0007 * noise.cell(5, 1))
    let middle = Double(side) / 2
    let camera = SimilarityTransform(
      a: scale, b: 0, shiftX: middle + Double(side) * Double(noise.cell(5, 2) - 0.5) * 0.12,
      shiftY: middle * (0.86 + 0.12 * Double(noise.cell(5, 3))))
    return scene.drawn(camera, scene.flatLandmarks, side: side)
  }
}
