import CommandLineArguments
import Embedders
import Faces
import Files
import Foundation
import Geometry
import JSON

/// Why a template of face points cannot be used.
enum AlignmentTemplateError: Error, CustomStringConvertible {
  case badFile(path: String, reason: String)

  var description: String {
    switch self {
    case .badFile(let path, let reason):
      "'\(path)' is no template: \(reason); expected "
        + #"{"side": N, "points": [[x, y], …]} with left eye, right eye, nose, left and right corner "#
        + "of the mouth, in pixels"
    }
  }
}

/// Where a network from elsewhere wants a face's points.
enum AlignmentTemplate {
  /// The longest template file, in bytes.
  private static let maximumBytes = 1 << 16

  private struct Document: Decodable {
    let side: Int
    let points: [[Double]]
  }

  /// From our frame to ArcFace's of 112 pixels: the mean over faces of the similarity between their
  /// alignments by five points.
  private static let arcface = (scale: 0.9637, turn: -0.0054, shiftX: -5.99, shiftY: 2.29)

  /// ArcFace's own points in 112 pixels: eyes, nose, corners of the mouth (InsightFace).
  private static let arcfacePoints: [[Double]] = [
    [38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655],
    [70.7299, 92.2041],
  ]

  /// How a network of `side` pixels sees faces by a template: `arcface-112`, `ours`, or a file.
  ///
  /// - Throws: ``AlignmentTemplateError``, `FileError` or `AlignmentError`.
  static func input(_ name: String, side: Int) throws -> FaceInput {
    switch name {
    case "arcface-112":
      let factor = Double(side) / 112
      let scale = arcface.scale * factor
      let points = arcfacePoints.map { point -> [Double] in
        [moved(point[0], factor), moved(point[1], factor)]
      }
      return FaceInput(
        side: side, a: scale * cos(arcface.turn), b: scale * sin(arcface.turn),
        shiftX: moved(arcface.shiftX, factor), shiftY: moved(arcface.shiftY, factor),
        points: points)
    case "ours":
      let factor = Double(side) / Double(AlignedFrame.side)
      return FaceInput(
        side: side, a: factor, b: 0, shiftX: moved(0, factor), shiftY: moved(0, factor))
    default: return try input(file: name, side: side)
    }
  }

  /// A coordinate after the picture grows by a factor: the edge stays, not the first pixel's centre.
  private static func moved(_ x: Double, _ factor: Double) -> Double {
    (x + 0.5) * factor - 0.5
  }

  private static func input(file path: String, side: Int) throws -> FaceInput {
    let bytes = try ReadableFile.bytes(of: path, limit: maximumBytes)
    let document: Document
    do { document = try JSONDocument.decoded(from: bytes) } catch {
      throw AlignmentTemplateError.badFile(path: path, reason: "it cannot be read")
    }
    guard document.side == side else {
      throw AlignmentTemplateError.badFile(
        path: path, reason: "it is for \(document.side) pixels, the network takes \(side)")
    }
    guard document.points.count == 5, document.points.allSatisfy({ $0.count == 2 }) else {
      throw AlignmentTemplateError.badFile(path: path, reason: "it has no five points")
    }
    let points = document.points.map { Point(x: $0[0], y: $0[1]) }
    let transform = try AlignedFrame.similarity(
      to: Landmarks(
        leftEye: points[0], rightEye: points[1], nose: points[2], leftMouth: points[3],
        rightMouth: points[4]))
    return FaceInput(
      side: side, a: transform.a, b: transform.b, shiftX: transform.shiftX,
      shiftY: transform.shiftY, points: document.points)
  }
}
