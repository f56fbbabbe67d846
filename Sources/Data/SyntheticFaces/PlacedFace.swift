import Faces
import Geometry
private import Glibc
public import Images
private import SeededRandom

/// A picture in which an aligned face lies somewhere, turned and enlarged, as a camera would have it.
///
/// Around the aligned square its edge goes on, and fades into a soft background.
public enum PlacedFace {
  /// Returns a square picture with the face in it, and where its points are.
  ///
  /// The face's frame covers .55 to .62 of the side, is turned by up to 8°, and lies near the middle;
  /// `seed` says where exactly. The points are those of the aligned frame, the nose's at (64, 74.5).
  ///
  /// - Precondition: the face is 128×128; `side` is in 64…2048.
  public static func photograph(of face: RGBImage, side: Int, seed: UInt64) -> RenderedFace {
    precondition(
      face.width == AlignedFrame.side && face.height == AlignedFrame.side,
      "\(face.width)×\(face.height) is not the aligned frame")
    precondition((64...2048).contains(side), "a side of \(side) pixels; expected 64…2048")
    let camera = camera(side: side, seed: seed)
    let near = face.warped(by: camera, width: side, height: side)
    let coarse = max(2, side / 20)
    let far = near.resized(width: coarse, height: coarse).resized(width: side, height: side)
    return RenderedFace(
      image: faded(near, far, by: camera.inverse), landmarks: landmarks(through: camera))
  }

  /// Where the aligned frame lies in the picture.
  private static func camera(side: Int, seed: UInt64) -> SimilarityTransform {
    var random = SplitMix64(seed: seed).derived(from: "place")
    let frame = Double(AlignedFrame.side)
    let scale = Double(side) / frame * Double(random.uniform(in: 0.55...0.62))
    let turn = Double(random.uniform(in: -8...8)) * .pi / 180
    let (a, b) = (scale * cos(turn), scale * sin(turn))
    let middle = (frame - 1) / 2
    let x = Double(side) * Double(random.uniform(in: 0.47...0.53))
    let y = Double(side) * Double(random.uniform(in: 0.45...0.5))
    return SimilarityTransform(
      a: a, b: b, shiftX: x - (a * middle - b * middle), shiftY: y - (b * middle + a * middle))
  }

  /// `near` where the frame is, `far` beyond it, one passing into the other around its edge.
  private static func faded(
    _ near: RGBImage, _ far: RGBImage, by inverse: SimilarityTransform
  ) -> RGBImage {
    let (last, within, beyond) = (Double(AlignedFrame.side - 1), 8.0, 18.0)
    var pixels = near.pixels
    for y in 0..<near.height {
      for x in 0..<near.width {
        let place = inverse.applied(x: Double(x), y: Double(y))
        let outside = max(-place.x, place.x - last, -place.y, place.y - last)
        let share = min(max((outside + within) / (within + beyond), 0), 1)
        let weight = share * share * (3 - 2 * share)
        guard weight > 0 else { continue }
        let start = (y * near.width + x) * 3
        for index in start..<start + 3 {
          let mixed = (1 - weight) * Double(pixels[index]) + weight * Double(far.pixels[index])
          pixels[index] = UInt8(mixed + 0.5)
        }
      }
    }
    return RGBImage(width: near.width, height: near.height, pixels: pixels)
  }

  private static func landmarks(through camera: SimilarityTransform) -> Landmarks {
    func moved(_ point: Point) -> Point {
      let place = camera.applied(x: point.x, y: point.y)
      return Point(x: place.x, y: place.y)
    }
    return Landmarks(
      leftEye: moved(AlignedFrame.leftEye), rightEye: moved(AlignedFrame.rightEye),
      nose: moved(Point(x: 64, y: 74.5)), leftMouth: moved(AlignedFrame.leftMouth),
      rightMouth: moved(AlignedFrame.rightMouth))
  }
}
