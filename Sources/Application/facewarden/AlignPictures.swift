import JSON
import CommandLineArguments
import FaceFinding
import Faces
import Files
import Foundation
import Images
import KernelSupport
import Screening
import UseCases

/// `facewarden align`: from photographs to aligned faces.
struct AlignPictures: Subcommand, CommandSettings {
  static let command = Command(
    "align", "finds the face of each picture and writes it aligned, 128×128",
    discussion: """
      A folder stands for all pictures in it and below. Each face becomes DIR/NAME.png under the same \
      path; DIR/landmarks.csv holds the points, by the pictures' names, as --landmarks reads them; \
      DIR/skipped.csv says which pictures gave no face, why, and the code of that reason. Exit status: 0 if none was skipped, \
      else 2.
      """,
    positionals: positionals, options: options)

  private var files: [String] = []
  private var models = ModelsFolder()
  private var finding = FindingOptions()
  private var folder = ""
  private var isDrawn = false

  static let settings: [Setting<Self>] =
    [.arguments("PICTURE", "pictures, or folders of them", \.files, .text)] + part(\.models)
    + part(\.finding) + [
      .required("-o", "DIR", "The folder to write.", \.folder, .text),
      .flag(
        "--drawn", "Also writes DIR/drawn/NAME.png: each picture with the box and the points.",
        \.isDrawn),
    ]

  /// What became of one picture.
  private enum Outcome {
    case aligned(Landmarks)
    case skipped(Problem)
  }

  func run() throws -> Int32 {
    let align = AlignFace(FaceReader(usual: .found(try finding.finder(models))))
    let (pictures, omissions) = try PictureFile.all(in: files)
    try PictureFile.checkDistinct(pictures)
    try OutputFolder.make(folder)
    var table: [String] = [LandmarkTable.header]
    var skipped: [String] = ["image,reason,code"]
    for omission in omissions {
      skipped.append(
        Self.line(omission.path, Problem.malformed(omission.words)))
      Console.error(omission.words)
    }
    let portion = 16 * WorkerPool.shared.threads
    for first in stride(from: 0, to: pictures.count, by: portion) {
      let part = Array(pictures[first..<min(first + portion, pictures.count)])
      for (picture, outcome) in zip(part, outcomes(of: part, align)) {
        switch outcome {
        case .aligned(let landmarks):
          table.append(LandmarkTable.line(image: picture.name, landmarks: landmarks))
        case .skipped(let problem):
          skipped.append(Self.line(picture.name, problem))
          Console.error(problem.detail)
        }
      }
      Console.progress("\(first + part.count) of \(pictures.count), \(skipped.count - 1) skipped")
    }
    Console.endProgress()
    for (name, lines) in [("landmarks.csv", table), ("skipped.csv", skipped)] {
      try AtomicFile.write(
        Array((lines.joined(separator: "\n") + "\n").utf8), to: "\(folder)/\(name)")
    }
    try Output.line("aligned \(table.count - 1) of \(pictures.count + omissions.count) pictures")
    return skipped.count == 1 && !pictures.isEmpty ? 0 : 2
  }

  /// A line of the table of what was skipped; a name keeps to its field and its line.
  private static func line(_ name: String, _ problem: Problem) -> String {
    [name, problem.detail, problem.code].map { text in
      let isPlain = !text.utf8.contains { "\",\r\n ".utf8.contains($0) }
      return isPlain
        ? text.asOneLine
        : "\"" + text.asOneLine.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }.joined(separator: ",")
  }

  /// Works on some pictures, on all processors.
  private func outcomes(of pictures: [PictureFile], _ align: AlignFace) -> [Outcome] {
    WorkerPool.shared.map(pictures.count) { index in
      do {
        return .aligned(try outcome(of: pictures[index], align))
      } catch {
        return .skipped(Problem(error).told)
      }
    }
  }

  private func outcome(of picture: PictureFile, _ align: AlignFace) throws -> Landmarks {
    guard !picture.name.contains(where: { $0 == "," || $0.isNewline }) else {
      throw Problem.malformed("\(PictureFileError.unfitName(picture.name))")
    }
    let request = PictureRequest(path: picture.path)
    let found = try align(request)
    guard let face = found.image, let file = found.picture, let box = file.box,
      let landmarks = file.landmarks
    else { throw Problem.internalError }
    let stem = (picture.name as NSString).deletingPathExtension + ".png"
    try write(face, "\(folder)/\(stem)")
    if isDrawn {
      let marks = DetectedFace(box: box, landmarks: landmarks, score: file.detectorScore ?? 1)
      try write(
        align.reader.withImage(of: request) { $0.drawn(with: marks) }, "\(folder)/drawn/\(stem)")
    }
    return landmarks
  }

  private func write(_ picture: RGBImage, _ path: String) throws {
    try OutputFolder.make((path as NSString).deletingLastPathComponent)
    try picture.writePNG(to: path)
  }
}
