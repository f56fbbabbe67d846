private import Faces
private import Foundation
private import Geometry
public import Images

extension FaceDetector {
  /// A face as this detector sees what is said to be aligned.
  public struct Opinion: Equatable, Sendable {
    /// The log-odds of being a face, −30…30; larger is more like a face.
    public let logit: Double
    /// The miss of its points, root mean square in pixels of the frame: those found, left where they are.
    public let residual: Double
  }

  /// The second network's opinion of an aligned face, 128×128, as it is and mirrored.
  ///
  /// - Returns: nil if the points that it finds outline nothing.
  public func opinion(ofAligned face: RGBImage) -> Opinion? {
    let usual = Landmarks.usual
    guard let box = try? FaceBox(around: usual),
      let found = refined(
        [DetectedFace(box: box, landmarks: usual, score: 1)], in: face, isCareful: true
      ).first
    else { return nil }
    let squares = zip(found.landmarks.points, usual.points).map { point, place in
      (point.x - place.x) * (point.x - place.x) + (point.y - place.y) * (point.y - place.y)
    }
    let odds = found.score / max(1 - found.score, 1e-13)
    return Opinion(
      logit: min(max(log(max(odds, 1e-13)), -30), 30),
      residual: (squares.reduce(0, +) / Double(squares.count)).squareRoot())
  }
}
