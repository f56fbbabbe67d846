private import Checkpoints
public import Faces
public import Images

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

/// An aligned face and where it came from.
public struct FacePicture: Sendable {
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
    let decoded = try RGBImage.decode(bytes, name: name, limits: limits)
    var residual: Double?
    if let landmarks {
      face = try AlignedFrame.align(decoded.image, landmarks: landmarks)
      residual = try AlignedFrame.residual(of: landmarks)
    } else {
      face = decoded.image
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
    file = Verdict.Picture(
      sha256: SHA256.hex(of: bytes), width: decoded.image.width, height: decoded.image.height,
      format: decoded.format.rawValue, aligned: landmarks == nil, alignmentResidual: residual)
  }

  /// Reads and decodes a file; see ``init(bytes:name:landmarks:limits:)``.
  public init(path: String, landmarks: Landmarks?, limits: ImageLimits = .standard) throws {
    try self.init(
      bytes: RGBImage.fileBytes(path: path, limits: limits), name: path, landmarks: landmarks,
      limits: limits)
  }
}
