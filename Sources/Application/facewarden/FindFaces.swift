import CommandLineArguments
import FaceFinding
import Foundation
import Images
import JSON
import KernelSupport
import ModelStore
import UseCases

/// `facewarden find`: all faces of photographs, for scripts and for comparison with other detectors.
struct FindFaces: Subcommand {
  static let command = Command(
    "find", "prints the faces of each picture as a JSON line: box, points, score",
    discussion: """
      All faces, the surest first; none is no error. Boxes are upright squares from forehead to chin, \
      points are left eye, right eye, nose, left and right corner of the mouth (left as in the \
      picture), both in the picture's pixels. A folder stands for all pictures in it and below. Links \
      are followed. A picture or a folder that cannot be read gets a line with the reason; the exit status \
      is then 2.
      """,
    positionals: [Positional("PICTURE", "pictures, or folders of them", arity: .some)],
    options: [
      SharedOptions.models,
      .value(
        "--minimum-face", "PIXELS",
        "The smallest face told of; about a sixteenth of the longer side, or 24, if not given."
      ),
      .value("--threshold", "SCORE", "The score from which a find counts, 0…1; 0.9 if not given."),
      .flag("--timings", "Adds milliseconds: decode, find."),
    ])

  private let arguments: Arguments
  private let minimumFace: Double?
  private let threshold: Double
  private let isTimed: Bool

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    minimumFace = try arguments.optional("--minimum-face", .number(in: 1...10_000))
    threshold =
      try arguments.optional("--threshold", .number(in: 0...1)) ?? FaceDetector.standardThreshold
    isTimed = arguments.flag("--timings")
  }

  func run() throws -> Int32 {
    var detector = try FaceDetector(
      of: ModelManifest(folder: arguments.modelsFolder), folder: arguments.modelsFolder)
    detector.threshold = threshold
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var status: Int32 = 0
    let (pictures, omissions) = try PictureFile.all(in: arguments.all("PICTURE", .text))
    let left = omissions.map { PictureFaces(picture: $0.path, error: $0.words) }
    for line in pictures.lazy.map({ line(of: $0, detector) }) + left {
      if line.error != nil { status = 2 }
      try Output.line(String(decoding: try encoder.encode(line), as: UTF8.self))
    }
    return status
  }

  private func line(of picture: PictureFile, _ detector: FaceDetector) -> PictureFaces {
    var line = PictureFaces(picture: picture.path)
    do {
      let start = ContinuousClock.now
      let image = try RGBImage.read(path: picture.path).image
      let decoded = ContinuousClock.now
      line.find(in: image, by: detector, minimumFace: minimumFace)
      if isTimed {
        line.timings = [
          "decode": (decoded - start) / .milliseconds(1),
          "find": (ContinuousClock.now - decoded) / .milliseconds(1),
        ]
      }
    } catch {
      line.error = "\(error)"
    }
    return line
  }
}
