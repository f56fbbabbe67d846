/// A component of a face picture's quality.
///
/// Reference: ISO/IEC 29794-5, "Biometric sample quality: face image data", capture- and subject-related
/// components.
public enum QualityPart: String, CaseIterable, Codable, Sendable {
  /// Second differences of brightness against its deviation; fog leaves it as it is.
  case sharpness
  /// The evenness of second differences over four directions: a moved camera leaves none along its way.
  case motion
  /// Periods of 4 to 8 pixels against those of 8 to 32: a picture of few pixels has none.
  case resolution
  /// The deviation of brightness.
  case contrast
  /// The share of pixels that are neither black nor burnt out.
  case exposure
  /// The evenness of contrast left and right: light from one side, or a covered half.
  case lighting
  /// Noise against contrast.
  case noise
  /// The score of the face detector's second network on the aligned face.
  case face
  /// The fit of the points that this network finds in the aligned face.
  case pose
  /// What the embedding shows of the person, as predicted from the embedding itself.
  case recognizability

  /// A stable name for programs of a picture that this part makes useless.
  public var code: String { "poor_" + rawValue }
}
