private import Checkpoints
public import Faces
public import Images
private import JSON
public import ModelStore
internal import NeuralNetworks
public import Tensors

/// A face that was found in a picture.
public struct DetectedFace: Equatable, Sendable {
  /// The upright square from forehead to chin, in pixels of the picture.
  public let box: FaceBox
  /// The five points, in pixels of the picture.
  public let landmarks: Landmarks
  /// How sure the second network is that this is a face, 0…1; larger is more like a face.
  public let score: Double

  /// Creates a face.
  public init(box: FaceBox, landmarks: Landmarks, score: Double) {
    (self.box, self.landmarks, self.score) = (box, landmarks, score)
  }
}

/// Finds faces and their five points in photographs.
///
/// One network looks at the whole picture, made smaller, and at its halves, quarters, …; a second
/// one looks twice at each place that the first one names. A value that any number of threads may
/// share; the result does not depend on their number.
///
///     let detector = try FaceDetector(of: manifest, folder: "models")
///     for face in detector.faces(in: photograph) { print(face.box, face.score) }
public struct FaceDetector: Sendable {
  /// The detector's name in the manifest.
  public static let modelName = "face_detector"

  /// The shapes of both networks.
  public struct Architecture: Codable, Equatable, Sendable {
    /// The networks.
    public var seeker: FaceSeeker, refiner: FaceRefiner

    /// Creates the shapes of a detector from those of its networks.
    public init(seeker: FaceSeeker, refiner: FaceRefiner) {
      (self.seeker, self.refiner) = (seeker, refiner)
    }
  }

  /// The score from which a find is reported as a face.
  public static let standardThreshold = 0.9

  /// The score from which a find is reported as a face, 0…1.
  public var threshold = Self.standardThreshold
  let seeker: FaceSeeker
  let refiner: FaceRefiner
  let seekerParameters, refinerParameters: ParameterTable

  /// Creates a detector from trained parameters.
  public init(_ architecture: Architecture, seeker: ParameterTable, refiner: ParameterTable) {
    (self.seeker, self.refiner) = (architecture.seeker, architecture.refiner)
    seekerParameters = seeker.foldingNormalization()
    refinerParameters = refiner.foldingNormalization()
  }

  /// Loads the detector of a folder; its checksum must be the manifest's.
  ///
  /// - Throws: `CheckpointError`.
  public init(of manifest: ModelManifest, folder: String) throws {
    let entry = try manifest.entry(Self.modelName)
    guard let architecture: Architecture = try? entry.architecture.decoded(),
      architecture.seeker.isBuildable, architecture.refiner.isBuildable
    else { throw FaceDetectorError.unknownArchitecture(model: Self.modelName) }
    let file = try SafeTensorsFile(
      bytes: manifest.verifiedBytes(of: Self.modelName, in: folder), requiringFinite: true)
    let (seeker, refiner) = (architecture.seeker, architecture.refiner)
    try file.checkHolds(seeker.weightCount)
    try file.checkHolds(refiner.weightCount)
    let all = seeker.blankParameters.names + refiner.blankParameters.names
    var table = ParameterTable()
    for name in all {
      table[name] = seeker.blankParameters[name] ?? refiner.blankParameters[name]
    }
    let loaded = try file.table(like: table)
    var (first, second) = (ParameterTable(), ParameterTable())
    for name in seeker.blankParameters.names { first[name] = loaded[name] }
    for name in refiner.blankParameters.names { second[name] = loaded[name] }
    self.init(architecture, seeker: first, refiner: second)
  }

  /// The smallest faces that are looked for unless others are asked for: a sixteenth of the longer
  /// side, but at least 24 pixels.
  public static func usualMinimum(width: Int, height: Int) -> Double {
    max(FaceSeeker.sizes.lowerBound, Double(max(width, height)) / 16)
  }

  /// Finds the faces of a picture, the surest first.
  ///
  /// - `minimumFace`: the side of the smallest box looked for, in pixels; ``usualMinimum(width:height:)``
  ///   if not given. Halving it takes up to four times as long.
  /// - Precondition: `minimumFace` is positive.
  public func faces(in picture: RGBImage, minimumFace: Double? = nil) -> [DetectedFace] {
    let smallest = minimumFace ?? Self.usualMinimum(width: picture.width, height: picture.height)
    precondition(smallest > 0, "faces of \(smallest) pixels")
    let candidates = candidates(in: picture, minimumFace: smallest)
    let promising = refined(candidates, in: picture).filter { $0.score > 0.1 }
    var faces = Self.distinct(promising, limit: 16)
    // What is no face seldom passes twice, and a window that lies better has better points.
    for _ in 0..<2 {
      let seen = refined(faces, in: picture, isCareful: true).filter { $0.score >= threshold }
      faces = Self.distinct(seen, limit: 16)
    }
    return faces
  }

  /// The surest of each group of finds that overlap, the surest first.
  static func distinct(_ found: [DetectedFace], limit: Int) -> [DetectedFace] {
    var kept: [DetectedFace] = []
    for face in found.sorted(by: { $0.score > $1.score }) where kept.count < limit {
      let isKnown = kept.contains {
        $0.box.overlap(with: face.box) > 0.35 || $0.box.containment(with: face.box) > 0.7
      }
      if !isKnown { kept.append(face) }
    }
    return kept
  }
}

/// Why a face detector cannot be used.
public enum FaceDetectorError: Error, Equatable, CustomStringConvertible {
  /// The manifest's description of the networks makes no sense to this program.
  case unknownArchitecture(model: String)

  public var description: String {
    switch self {
    case .unknownArchitecture(let model):
      "the manifest's architecture of '\(model)' does not describe a face detector"
    }
  }
}
