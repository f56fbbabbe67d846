import JSON
import CommandLineArguments
import FaceFinding
import Faces
import Files
import Foundation
import Images
import KernelSupport

/// `facewarden align`: from photographs to aligned faces.
struct AlignPictures: Subcommand {
  static let command = Command(
    "align", "finds the face of each picture and writes it aligned, 128×128",
    discussion: """
      A folder stands for all pictures in it and below. Each face becomes DIR/NAME.png under the same \
      path; DIR/landmarks.csv holds the points, by the pictures' names, as --landmarks reads them; \
      DIR/skipped.csv says which pictures gave no face, and why. Exit status: 0 if none was skipped, \
      else 2.
      """,
    positionals: [Positional("PICTURE", "pictures, or folders of them", arity: .some)],
    options: [SharedOptions.models] + SharedOptions.finding + [
      .value("-o", "DIR", "The folder to write.", isRequired: true),
      .flag("--drawn", "Also writes DIR/drawn/NAME.png: each picture with the box and the points."),
    ])

  private let arguments: Arguments
  private let folder: String
  private let isDrawn: Bool

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    folder = try arguments.value("-o", .text)
    isDrawn = arguments.flag("--drawn")
    try arguments.checkFinding()
  }

  /// What became of one picture.
  private enum Outcome {
    case aligned(Landmarks)
    case skipped(String)
  }

  func run() throws -> Int32 {
    let finder = try arguments.faceFinder()
    let (pictures, omissions) = try PictureFile.all(in: arguments.all("PICTURE", .text))
    try PictureFile.checkDistinct(pictures)
    try OutputFolder.make(folder)
    var table: [String] = [LandmarkTable.header]
    var skipped: [String] = ["image,reason"]
    for omission in omissions {
      skipped.append(Self.line(omission.path, omission.words))
      Console.error(omission.words)
    }
    let portion = 16 * WorkerPool.shared.threads
    for first in stride(from: 0, to: pictures.count, by: portion) {
      let part = Array(pictures[first..<min(first + portion, pictures.count)])
      for (picture, outcome) in zip(part, outcomes(of: part, finder)) {
        switch outcome {
        case .aligned(let landmarks):
          table.append(LandmarkTable.line(image: picture.name, landmarks: landmarks))
        case .skipped(let reason):
          skipped.append(Self.line(picture.name, reason))
          Console.error(reason)
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
  private static func line(_ name: String, _ reason: String) -> String {
    [name, reason].map { text in
      let isPlain = !text.utf8.contains { "\",\r\n ".utf8.contains($0) }
      return isPlain
        ? text.asOneLine
        : "\"" + text.asOneLine.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }.joined(separator: ",")
  }

  /// Works on some pictures, on all processors.
  private func outcomes(of pictures: [PictureFile], _ finder: FaceFinder) -> [Outcome] {
    WorkerPool.shared.map(pictures.count) { index in
      do {
        return .aligned(try align(pictures[index], finder))
      } catch {
        return .skipped("\(error)")
      }
    }
  }

  private func align(_ picture: PictureFile, _ finder: FaceFinder) throws -> Landmarks {
    guard !picture.name.contains(where: { $0 == "," || $0.isNewline }) else {
      throw PictureFileError.unfitName(picture.name)
    }
    let bytes = try RGBImage.fileBytes(path: picture.path)
    return try PictureMemory.shared.withRoom(
      for: bytes, limits: .standard, bytesPerPixel: finder.bytesPerPixel
    ) {
      try align(bytes, picture, finder)
    }
  }

  private func align(
    _ bytes: [UInt8], _ picture: PictureFile, _ finder: FaceFinder
  ) throws -> Landmarks {
    let image = try RGBImage.decode(bytes, name: picture.path).image
    let found = try finder.face(in: image, name: picture.path)
    let stem = (picture.name as NSString).deletingPathExtension + ".png"
    try write(found.aligned, "\(folder)/\(stem)")
    if isDrawn { try write(image.drawn(with: found.face), "\(folder)/drawn/\(stem)") }
    return found.face.landmarks
  }

  private func write(_ picture: RGBImage, _ path: String) throws {
    try OutputFolder.make((path as NSString).deletingLastPathComponent)
    try picture.writePNG(to: path)
  }
}
