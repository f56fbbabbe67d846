private import Reconstruction

/// What can go wrong in an IP-GAN's training while all losses are still numbers.
public enum IPGANCollapse: Error, Equatable, Sendable, CustomStringConvertible {
  /// A says almost nothing: L_KL a number of the attribute vector, and its lower limit.
  case attributes(step: Int, divergence: Float, limit: Float)
  /// D is certain, or certain of the opposite: its mean probabilities of "real".
  case discriminator(step: Int, real: Float, made: Float)

  public var description: String {
    switch self {
    case .attributes(let step, let divergence, let limit):
      "the attribute vector has collapsed at step \(step): L_KL is \(divergence) a number; "
        + "expected at least \(limit)"
    case .discriminator(let step, let real, let made):
      "the discriminator has collapsed at step \(step): it calls real pictures real with "
        + "probability \(real), made ones with \(made)"
    }
  }
}

/// Watches an IP-GAN's training for collapse, over windows of steps.
///
/// Part of the training's state, so that the windows of a continued run are those of one left alone.
struct IPGANHealth: Equatable, Sendable {
  /// Steps that are looked at together.
  static let window = 200
  /// L_KL a number of the attribute vector below which it has collapsed.
  static let leastDivergence: Float = 0.01
  /// How near to 0 or 1 D's mean probabilities, both of them, show that it has collapsed.
  static let margin: Float = 0.002

  private var count = 0
  private var (divergence, real, made): (Float, Float, Float) = (0, 0, 0)

  /// Creates an empty window.
  init() {}

  /// The window as numbers, for the training's state.
  var numbers: [Float] { [Float(count), divergence, real, made] }

  /// Creates the window that ``numbers`` of another one describe; nil if they describe none.
  init?(numbers: [Float]) {
    guard numbers.count == 4, numbers.allSatisfy(\.isFinite),
      let count = Int(exactly: numbers[0]), (0..<Self.window).contains(count)
    else { return nil }
    (self.count, divergence, real, made) = (count, numbers[1], numbers[2], numbers[3])
  }

  /// Takes a step's report.
  ///
  /// - Throws: ``IPGANCollapse`` at the end of a window that shows one.
  mutating func check(
    _ report: IPGANTrainer.Report, step: Int, _ training: IPGANTraining
  ) throws(IPGANCollapse) {
    count += 1
    divergence += report.divergence
    real += report.realProbability
    made += report.madeProbability
    guard count == Self.window else { return }
    let share = 1 / Float(Self.window)
    let means = (
      divergence: divergence * share / Float(training.architecture.latent),
      real: real * share, made: made * share
    )
    self = IPGANHealth()
    // At the start A has said nothing yet.
    if training.divergenceWeight > 0 && step > Self.window + training.divergenceWarmup
      && means.divergence < Self.leastDivergence
    {
      throw .attributes(
        step: step, divergence: means.divergence, limit: Self.leastDivergence)
    }
    func isExtreme(_ probability: Float) -> Bool {
      min(probability, 1 - probability) < Self.margin
    }
    if isExtreme(means.real) && isExtreme(means.made) {
      throw .discriminator(step: step, real: means.real, made: means.made)
    }
  }
}
