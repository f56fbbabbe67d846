internal import Faces
public import Images

/// Which of a picture's faces is meant.
public enum FaceChoice: String, CaseIterable, Sendable, Codable {
  /// The only one, or one that is half as large again as any other.
  case clear
  /// The only one; a second face is refused.
  case only
  /// The largest one, however many there are.
  case largest
}

/// Why no face of a picture can be used.
public enum FaceChoiceError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No face was found.
  case none(name: String, minimum: Double)
  /// Several faces were found and none is clearly meant.
  case several(name: String, count: Int, choice: FaceChoice)
  /// The face is too small, its box in pixels.
  case tooSmall(name: String, side: Double, minimum: Double)
  /// The face is turned away: its points fit the aligned frame badly.
  case tooTurned(name: String, residual: Double, limit: Double)
  /// The face is blurred.
  case tooBlurred(name: String, sharpness: Double, minimum: Double)

  public var description: String {
    switch self {
    case .none(let name, let minimum):
      "'\(name)' shows no face of at least \(Int(minimum)) pixels"
    case .several(let name, let count, .only):
      "'\(name)' shows \(count) faces; expected exactly one"
    case .several(let name, let count, _):
      "'\(name)' shows \(count) faces, none of them clearly the largest"
    case .tooSmall(let name, let side, let minimum):
      "the face in '\(name)' is too small: \(Int(side)) pixels, at least \(Int(minimum)) are expected"
    case .tooTurned(let name, let residual, let limit):
      "the face in '\(name)' is turned too far: its points miss the frame's by \(tenths(residual)) "
        + "pixels, at most \(tenths(limit)) are allowed"
    case .tooBlurred(let name, let sharpness, let minimum):
      "the face in '\(name)' is too blurred: its sharpness is \(tenths(sharpness)), at least "
        + "\(tenths(minimum)) is expected"
    }
  }

  /// A stable name for programs.
  public var code: String {
    switch self {
    case .none: "no_face"
    case .several: "several_faces"
    case .tooSmall: "face_too_small"
    case .tooTurned: "face_too_turned"
    case .tooBlurred: "face_too_blurred"
    }
  }

  private func tenths(_ x: Double) -> String { "\((x * 10).rounded() / 10)" }
}

/// Finds the one face of a picture that is meant, or says why there is none.
public struct FaceFinder: Sendable {
  /// What finds the faces.
  public var detector: FaceDetector
  /// Which of several is meant.
  public var choice: FaceChoice
  /// The side of the smallest box, in pixels of the picture, that is looked for and used.
  ///
  /// Without one, boxes of ``usualMinimum`` and more are used, and looked for as
  /// ``FaceDetector/usualMinimum(width:height:)`` says.
  public var minimumFace: Double?

  /// The smallest side used unless another is asked for: 40 pixels, with 17 between the eyes.
  public static let usualMinimum = 40.0
  /// The largest ``Faces/AlignedFrame/residual(of:)`` used, in pixels of the frame.
  public static let residualLimit = 8.0
  /// The smallest ``sharpness(of:)`` used.
  public static let minimumSharpness = 0.8

  /// Creates a finder.
  ///
  /// - Precondition: `minimumFace` is positive.
  public init(
    _ detector: FaceDetector, choice: FaceChoice = .clear, minimumFace: Double? = nil
  ) {
    precondition(minimumFace ?? 1 > 0, "faces of \(minimumFace ?? 0) pixels")
    (self.detector, self.choice, self.minimumFace) = (detector, choice, minimumFace)
  }

  /// The bytes that one pixel of a picture takes at most while it is decoded and searched.
  ///
  /// A small minimum has the networks look at nearly all pixels: measured on 25 million of them, 67 bytes
  /// for faces of 24 pixels, 25 for 40, 8 for 80. Without one the part that they look at is small.
  public var bytesPerPixel: Int {
    guard let minimumFace else { return PictureMemory.bytesPerPixel }
    let share = min(1, FaceSeeker.sizes.lowerBound / minimumFace)
    return max(PictureMemory.bytesPerPixel, 4 + Int((66 * share * share).rounded(.up)))
  }

  /// A face, brought into the aligned frame.
  public struct Found: Sendable {
    /// Where it is.
    public let face: DetectedFace
    /// The aligned face, 128×128.
    public let aligned: RGBImage
    /// How far its points miss the frame's, root mean square in its pixels.
    public let residual: Double
    /// How many faces the picture shows.
    public let count: Int
  }

  /// Finds the face of `picture`.
  ///
  /// Faces below the minimum are no rivals of one above it. If a minimum is given that is smaller than a
  /// sixteenth of the longer side, the whole picture is looked at more closely; without one, faces below
  /// that size are not seen in a large picture, also as rivals.
  ///
  /// - `name`: what errors call the picture.
  /// - Throws: ``FaceChoiceError``, or `AlignmentError`.
  public func face(in picture: RGBImage, name: String) throws -> Found {
    let usual = FaceDetector.usualMinimum(width: picture.width, height: picture.height)
    let smallest = min(usual, minimumFace ?? usual)
    let minimumFace = minimumFace ?? Self.usualMinimum
    let found = detector.faces(in: picture, minimumFace: smallest)
      .sorted { $0.box.width > $1.box.width }
    guard let largest = found.first else {
      throw FaceChoiceError.none(name: name, minimum: max(smallest, minimumFace))
    }
    guard largest.box.width >= minimumFace else {
      throw FaceChoiceError.tooSmall(name: name, side: largest.box.width, minimum: minimumFace)
    }
    let rivals = found.dropFirst().filter { $0.box.width >= minimumFace }
    let isMeant =
      switch choice {
      case .largest: true
      case .only: rivals.isEmpty
      case .clear: rivals.allSatisfy { $0.box.width * 1.5 <= largest.box.width }
      }
    guard isMeant else {
      throw FaceChoiceError.several(name: name, count: rivals.count + 1, choice: choice)
    }
    let residual = try AlignedFrame.residual(of: largest.landmarks)
    guard residual <= Self.residualLimit else {
      throw FaceChoiceError.tooTurned(name: name, residual: residual, limit: Self.residualLimit)
    }
    let aligned = try AlignedFrame.align(picture, landmarks: largest.landmarks)
    let sharpness = Self.sharpness(of: aligned)
    guard sharpness >= Self.minimumSharpness else {
      throw FaceChoiceError.tooBlurred(
        name: name, sharpness: sharpness, minimum: Self.minimumSharpness)
    }
    return Found(face: largest, aligned: aligned, residual: residual, count: rivals.count + 1)
  }

  /// How much detail the middle of an aligned face shows; larger is sharper.
  ///
  /// A hundred times the mean size of the second differences of brightness, over its standard
  /// deviation: light and contrast do not change it.
  public static func sharpness(of aligned: RGBImage) -> Double {
    let (grey, width) = (aligned.luminance, aligned.width)
    let inner = 24..<104
    precondition(
      width >= inner.upperBound && aligned.height >= inner.upperBound,
      "\(width)×\(aligned.height) is no aligned face")
    var (sum, squares, detail) = (0.0, 0.0, 0)
    for y in inner {
      for x in inner {
        let i = y * width + x
        let value = Int(grey[i])
        let across = Int(grey[i - 1]) + Int(grey[i + 1])
        let along = Int(grey[i - width]) + Int(grey[i + width])
        detail += abs(4 * value - across - along)
        sum += Double(value)
        squares += Double(value * value)
      }
    }
    let count = Double(inner.count * inner.count)
    let deviation = max(0, squares / count - (sum / count) * (sum / count)).squareRoot()
    return deviation > 0 ? 100 * Double(detail) / count / deviation / 4 : 0
  }
}
