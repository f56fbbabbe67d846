/// A kind of evidence for or against tampering: numbers that a linear machine weighs together.
public enum FeatureGroup: String, Codable, CaseIterable, Sendable {
  /// Local binary patterns of the picture, cell by cell.
  case picture
  /// Local binary patterns of the reconstruction.
  case reconstruction
  /// How the patterns of both differ: χ² in each cell, at radii 1, 2 and 3.
  case relation
  /// Who is seen in picture and reconstruction: the distance² between them by f_C, and by f_V.
  case identity
  /// How far f_C moves under small changes of the picture, log(distance² + 10⁻⁴) for each
  /// ``FaceTransform`` of the detector.
  case consistency
  /// The same of f_V, which the attack was not made against: what is due to the picture's quality.
  case witness
  /// How strong fine detail is: log energies of what filters take away from the picture, and of the
  /// difference to the reconstruction in octaves.
  case residual

  /// Whether its numbers need f_V.
  public var needsWitness: Bool { self == .witness || self == .identity }
}

/// Which detector: the publication's, or ours.
public enum DetectorKind: String, Codable, CaseIterable, Sendable {
  /// Local binary patterns of picture and reconstruction, one linear machine.
  case paper
  /// A machine for each kind of evidence, and a fusion of their values.
  case full

  /// The parts that the detector is made of: a name and the groups that a machine weighs together.
  public var parts: [(name: String, groups: [FeatureGroup])] {
    switch self {
    case .paper: [("texture", [.picture, .reconstruction])]
    case .full:
      [
        ("texture", [.picture, .reconstruction]), ("relation", [.relation]),
        ("identity", [.identity]), ("consistency", [.consistency, .witness]),
        ("residual", [.residual]),
      ]
    }
  }
}
