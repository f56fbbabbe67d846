public import Embedders
public import FaceFinding
public import Faces
private import Files
public import Images
private import JSON

/// Why a picture cannot be judged.
public enum FacePictureError: Error, Equatable, CustomStringConvertible {
  /// The picture is said to be aligned, but has another size.
  case notAligned(name: String, width: Int, height: Int)
  /// The face area is all but one colour.
  case blank(name: String, deviation: Double)

  public var description: String {
    switch self {
    case .notAligned(let name, let width, let height):
      "'\(name)' is \(width)×\(height) pixels; an aligned face has "
        + "\(AlignedFrame.side)×\(AlignedFrame.side)"
    case .blank(let name, let deviation):
      "'\(name)' shows no face: its grey values deviate by \(tenths(deviation)) levels, "
        + "at least \(tenths(FacePicture.minimumDeviation)) are expected"
    }
  }

  private func tenths(_ x: Double) -> String { "\((x * 10).rounded() / 10)" }
}

/// Where in a picture its face is.
public enum FacePlace: Sendable {
  /// The picture is the face, 128×128 in the aligned frame.
  case aligned
  /// By five points, in pixels of the picture.
  case given(Landmarks)
  /// Wherever this finds it.
  case found(FaceFinder)
}

extension FacePlace {
  /// The bytes that one pixel of a picture takes at most until its face is known.
  public var bytesPerPixel: Int {
    if case .found(let finder) = self { finder.bytesPerPixel } else { PictureMemory.bytesPerPixel }
  }
}

/// An aligned face and where it came from.
public struct FacePicture: Sendable {
  /// The face in the frames of networks from elsewhere; none of a picture that was aligned already.
  public let ownFrames: [OwnFrame]
  /// The face in the aligned frame, 128×128.
  public let face: RGBImage
  /// What the verdict says of the file.
  public let file: Verdict.Picture

  /// Below this standard deviation of grey values there is nothing to compare.
  static let minimumDeviation = 4.0

  /// Decodes a picture and brings its face into the aligned frame.
  ///
  /// - `landmarks`: in pixels of the picture; `nil` if it is aligned already.
  /// - Throws: `ImageError`, `AlignmentError` or ``FacePictureError``.
  public init(
    bytes: [UInt8], name: String, landmarks: Landmarks?, limits: ImageLimits = .standard
  ) throws {
    let place: FacePlace = landmarks.map { .given($0) } ?? .aligned
    try self.init(bytes: bytes, name: name, place: place, limits: limits)
  }

  /// Decodes a picture and brings its face into the aligned frame, when `PictureMemory.shared` has room
  /// for it.
  ///
  /// - `place`: how the face is found.
  /// - `ownInputs`: networks from elsewhere that want the face in a frame of their own.
  /// - Throws: `ImageError`, `AlignmentError`, `FaceChoiceError` or ``FacePictureError``.
  public init(
    bytes: [UInt8], name: String, place: FacePlace, ownInputs: [FaceInput] = [],
    limits: ImageLimits = .standard
  ) throws {
    self = try PictureMemory.shared.withRoom(
      for: bytes, limits: limits, bytesPerPixel: place.bytesPerPixel
    ) {
      try Self(
        decoding: bytes, name: name, place: place, ownInputs: ownInputs, limits: limits)
    }
  }

  private init(
    decoding bytes: [UInt8], name: String, place: FacePlace, ownInputs: [FaceInput],
    limits: ImageLimits
  ) throws {
    let decoded = try RGBImage.decode(bytes, name: name, limits: limits)
    try self.init(
      decoded.image, name: name, place: place, ownInputs: ownInputs, sha256: SHA256.hex(of: bytes),
      format: decoded.format.rawValue)
  }

  /// The format that a picture has which came as pixels.
  public static let pixelFormat = "rgb"

  /// Brings the face of a picture that came as pixels into the aligned frame, when `PictureMemory.shared` has
  /// room for it.
  ///
  /// The verdict has the checksum of the pixels, and ``pixelFormat`` for the file's format.
  ///
  /// - `place`: how the face is found.
  /// - Throws: `AlignmentError`, `FaceChoiceError` or ``FacePictureError``.
  public init(image: RGBImage, name: String, place: FacePlace, ownInputs: [FaceInput] = []) throws {
    self = try PictureMemory.shared.withRoom(
      forPixels: image.width * image.height, bytesPerPixel: place.bytesPerPixel
    ) {
      try Self(
        image, name: name, place: place, ownInputs: ownInputs,
        sha256: SHA256.hex(of: image.pixels), format: Self.pixelFormat)
    }
  }

  private init(
    _ image: RGBImage, name: String, place: FacePlace, ownInputs: [FaceInput], sha256: String,
    format: String
  ) throws {
    var file = Verdict.Picture(
      sha256: sha256, width: image.width, height: image.height, format: format, aligned: false)
    func frames(_ landmarks: Landmarks) throws(AlignmentError) -> [OwnFrame] {
      var frames: [OwnFrame] = []
      for input in ownInputs {
        frames.append(try OwnFrame(input, of: image, landmarks: landmarks))
      }
      return frames
    }
    switch place {
    case .aligned:
      ownFrames = []
      face = image
      file.aligned = true
    case .given(let landmarks):
      face = try AlignedFrame.align(image, landmarks: landmarks)
      ownFrames = try frames(landmarks)
      file.alignmentResidual = try AlignedFrame.residual(of: landmarks)
    case .found(let finder):
      let found = try finder.face(in: image, name: name)
      face = found.aligned
      ownFrames = try frames(found.face.landmarks)
      file.alignmentResidual = found.residual
      file.box = found.face.box
      file.landmarks = found.face.landmarks
      file.detectorScore = found.face.score
      file.faces = found.count
    }
    guard face.width == AlignedFrame.side && face.height == AlignedFrame.side else {
      throw FacePictureError.notAligned(name: name, width: face.width, height: face.height)
    }
    let grey = face.luminance.map(Double.init)
    let mean = grey.reduce(0, +) / Double(grey.count)
    let variance = grey.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(grey.count)
    guard variance.squareRoot() >= Self.minimumDeviation else {
      throw FacePictureError.blank(name: name, deviation: variance.squareRoot())
    }
    self.file = file
  }

  /// Reads and decodes a file; see ``init(bytes:name:landmarks:limits:)``.
  public init(path: String, landmarks: Landmarks?, limits: ImageLimits = .standard) throws {
    try self.init(path: path, place: landmarks.map { .given($0) } ?? .aligned, limits: limits)
  }

  /// Reads and decodes a file; see ``init(bytes:name:place:ownInputs:limits:)``.
  public init(
    path: String, place: FacePlace, ownInputs: [FaceInput] = [], limits: ImageLimits = .standard
  ) throws {
    try self.init(
      bytes: RGBImage.fileBytes(path: path, limits: limits), name: path, place: place,
      ownInputs: ownInputs, limits: limits)
  }
}
