/// A pair of pictures to attack: the source is changed until it matches the target.
public struct AttackPair: Codable, Equatable, Sendable {
  /// A name for the pair, unique in its set, fit for a file name.
  public var id: String
  /// The names of the pictures.
  public var source, target: String
  /// The fold of the protocol that the pair comes from, if any.
  public var fold: Int?

  /// Creates a pair.
  public init(id: String, source: String, target: String, fold: Int? = nil) {
    (self.id, self.source, self.target, self.fold) = (id, source, target, fold)
  }
}

/// One line of an attack set's manifest: a pair at one θ, whatever came of it.
public struct AttackSetEntry: Codable, Equatable, Sendable {
  /// Why there is no adversarial picture.
  public enum Failure: String, Codable, Sendable {
    /// The pair matched at θ before any change.
    case alreadyBelowTheta = "already_below_theta"
    /// No picture below θ was found.
    case notFound = "not_found"
  }

  /// The pair.
  public var pair: AttackPair
  /// The distance² that was to be undercut.
  public var theta: Float
  /// The distance² before, of the 8-bit pictures.
  public var distanceBefore: Float
  /// The distance² of the decoded file, or of the best picture if none was written.
  public var distanceAfter: Float
  /// ‖r‖₂, root mean square and largest change, in grey levels.
  public var l2, rms: Double
  /// The largest change, in grey levels.
  public var maximum: Int
  /// Gradients computed at this θ.
  public var gradients: Int
  /// Whether the decoded file is below θ, and the pair was not before.
  public var success: Bool
  /// Why not.
  public var failure: Failure?
  /// The adversarial file, relative to the set's folder.
  public var file: String?
  /// The source after the same steps, relative to the set's folder.
  public var sourceFile: String

  enum CodingKeys: String, CodingKey {
    case pair, theta, l2, gradients, success, failure, file
    case rms = "rms_grey_levels"
    case maximum = "linf"
    case distanceBefore = "distance2_before"
    case distanceAfter = "distance2_after"
    case sourceFile = "source_file"
  }
}

/// What a set was made with; a set is continued only with the same.
public struct AttackSetSettings: Codable, Equatable, Sendable {
  /// The attack's name.
  public var attack: String
  /// Gradients at each threshold.
  public var iterations: Int
  /// The thresholds.
  public var thetas: [Float]
  /// The checksum of f_C's file.
  public var embedder: String

  /// Creates settings.
  public init(
    attack: String = "minimum-norm", iterations: Int, thetas: [Float], embedder: String
  ) {
    (self.attack, self.iterations) = (attack, iterations)
    (self.thetas, self.embedder) = (thetas, embedder)
  }
}

/// Why an attack set cannot be written or read.
public enum AttackSetError: Error, Equatable, CustomStringConvertible {
  /// The folder holds a set made with other settings.
  case otherSettings(folder: String)
  /// A line of the manifest cannot be read.
  case badLine(file: String, line: Int)
  /// The folder holds no set.
  case noSet(folder: String)
  /// A file that the manifest names is not there.
  case missingFile(String)
  /// A pairs file cannot be used.
  case badPairs(file: String, reason: String)

  public var description: String {
    switch self {
    case .otherSettings(let folder):
      "'\(folder)' holds an attack set of other thresholds, iterations or models"
    case .badLine(let file, let line): "line \(line) of '\(file)' is no entry of an attack set"
    case .noSet(let folder): "'\(folder)' holds no attack set: manifest and settings are expected"
    case .missingFile(let file): "'\(file)' is in the manifest, but not in the folder"
    case .badPairs(let file, let reason): "'\(file)': \(reason)"
    }
  }
}
