public import FaceFinding

/// How a face detector is trained.
public struct FaceFinderTraining: Codable, Equatable, Sendable {
  /// The network that looks for faces.
  public var seeker = FaceSeeker()
  /// The network that places their points.
  public var refiner = FaceRefiner()
  /// Pictures that the first network sees a step.
  public var patches = 16
  /// Pixels a side of these.
  public var patchSide = 96
  /// Windows that the second network sees a step.
  public var windows = 64
  /// Adam's highest learning rate.
  public var learningRate: Float = 2e-3
  /// Where all randomness comes from.
  public var seed: UInt64 = 1

  /// Creates the defaults.
  public init() {}

  /// Whether all sizes are within reason and fit the networks.
  public var isConsistent: Bool {
    seeker.isBuildable && refiner.isBuildable && (2...512).contains(patches)
      && (8...512).contains(windows) && (64...512).contains(patchSide) && patchSide % 8 == 0
      && learningRate > 0 && learningRate.isFinite
  }
}

extension FaceDetector.Architecture {
  /// The networks that `training` makes.
  public init(_ training: FaceFinderTraining) {
    self.init(seeker: training.seeker, refiner: training.refiner)
  }
}
