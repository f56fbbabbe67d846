private import Files
private import Foundation
private import Geometry
private import Images

/// Why a table of landmarks cannot be read; `line` counts from 1.
public enum LandmarkTableError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file cannot be read.
  case unreadable(file: String, reason: String)
  /// The first line is not the expected one.
  case wrongHeader(file: String, found: String)
  /// A line has another number of fields than 11.
  case wrongFieldCount(file: String, line: Int, found: Int)
  /// A field is not a finite number.
  case notANumber(file: String, line: Int, field: String, found: String)
  /// A line names no picture.
  case noName(file: String, line: Int)
  /// Two lines describe one picture.
  case duplicate(file: String, line: Int, image: String, firstLine: Int)
  /// No line describes this picture.
  case missing(file: String, image: String)

  public var description: String {
    switch self {
    case .unreadable(let file, let reason): "'\(file)' cannot be read: \(reason)"
    case .wrongHeader(let file, let found):
      "'\(file)' starts with '\(found)'; expected '\(LandmarkTable.header)'"
    case .wrongFieldCount(let file, let line, let found):
      "line \(line) of '\(file)' has \(found) fields; expected 11"
    case .notANumber(let file, let line, let field, let found):
      "\(field) in line \(line) of '\(file)' is '\(found)'; expected a finite number of pixels"
    case .noName(let file, let line): "line \(line) of '\(file)' names no picture"
    case .duplicate(let file, let line, let image, let firstLine):
      "line \(line) of '\(file)' describes '\(image)' again, after line \(firstLine)"
    case .missing(let file, let image): "'\(file)' has no landmarks for '\(image)'"
    }
  }
}

/// The landmarks of many pictures, by name.
///
/// A text file of lines `image,left_eye_x,left_eye_y,right_eye_x,…`: the eyes, the nose and the
/// corners of the mouth, in pixels of the picture, under a header line with these names.
public struct LandmarkTable: Equatable, Sendable {
  /// The first line of every table.
  public static let header = (["image"] + fields).joined(separator: ",")

  static let fields = ["left_eye", "right_eye", "nose", "mouth_left", "mouth_right"]
    .flatMap { ["\($0)_x", "\($0)_y"] }

  /// What error messages call the file.
  public let file: String
  /// The names of the pictures, in the order of the lines.
  public let images: [String]
  private let landmarks: [ExactName: Landmarks]

  /// Reads a table from a file.
  public init(path: String) throws(LandmarkTableError) {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw .unreadable(file: path, reason: "it does not exist or is not readable")
    }
    try self.init(text: String(decoding: data, as: UTF8.self), file: path)
  }

  /// Reads a table from its text; empty lines are skipped.
  public init(text: String, file: String) throws(LandmarkTableError) {
    let lines = PlainText.lines(of: text)
    guard let first = lines.first, first == Self.header else {
      throw .wrongHeader(file: file, found: String((lines.first ?? "").prefix(200)))
    }
    var images: [String] = []
    var landmarks: [ExactName: Landmarks] = [:]
    var firstLines: [ExactName: Int] = [:]
    for (index, line) in lines.enumerated().dropFirst() where !line.isEmpty {
      let parts = line.split(separator: ",", omittingEmptySubsequences: false)
      guard parts.count == Self.fields.count + 1 else {
        throw .wrongFieldCount(file: file, line: index + 1, found: parts.count)
      }
      let image = String(parts[0])
      guard !image.isEmpty else { throw .noName(file: file, line: index + 1) }
      if let firstLine = firstLines[ExactName(image)] {
        throw .duplicate(file: file, line: index + 1, image: image, firstLine: firstLine)
      }
      var points: [Point] = []
      for column in stride(from: 1, to: parts.count, by: 2) {
        func number(_ column: Int) throws(LandmarkTableError) -> Double {
          guard let value = Double(parts[column]), value.isFinite else {
            throw .notANumber(
              file: file, line: index + 1, field: Self.fields[column - 1],
              found: String(parts[column].prefix(200)))
          }
          return value
        }
        points.append(Point(x: try number(column), y: try number(column + 1)))
      }
      images.append(image)
      firstLines[ExactName(image)] = index + 1
      landmarks[ExactName(image)] = Landmarks(
        leftEye: points[0], rightEye: points[1], nose: points[2], leftMouth: points[3],
        rightMouth: points[4])
    }
    (self.file, self.images, self.landmarks) = (file, images, landmarks)
  }

  /// Creates a table of known points; of two with one name the first counts.
  ///
  /// - `file`: what error messages call it.
  public init(_ found: [(image: String, landmarks: Landmarks)], file: String) {
    (self.file, images) = (file, found.map(\.image))
    landmarks = Dictionary(found.map { (ExactName($0.image), $0.landmarks) }) { first, _ in first }
  }

  /// The line of a picture, in hundredths of a pixel; ``header`` comes above such lines.
  ///
  /// - Precondition: the name has no comma and no line break, which the format cannot hold.
  public static func line(image: String, landmarks: Landmarks) -> String {
    precondition(
      !image.contains { $0 == "," || $0.isNewline }, "'\(image)' does not fit a table")
    let points = [
      landmarks.leftEye, landmarks.rightEye, landmarks.nose, landmarks.leftMouth,
      landmarks.rightMouth,
    ]
    let numbers = points.flatMap { [$0.x, $0.y] }.map { "\(($0 * 100).rounded() / 100)" }
    return ([image] + numbers).joined(separator: ",")
  }

  /// Whether a line describes the picture of this name.
  public func describes(_ image: String) -> Bool { landmarks[ExactName(image)] != nil }

  /// The number of pictures.
  public var count: Int { images.count }

  /// Returns the landmarks of a picture.
  ///
  /// - Throws: ``LandmarkTableError/missing(file:image:)`` if no line describes it.
  public func landmarks(of image: String) throws(LandmarkTableError) -> Landmarks {
    guard let found = landmarks[ExactName(image)] else { throw .missing(file: file, image: image) }
    return found
  }
}
