private import Foundation
public import LinearMachines
public import NeuralNetworks
private import Tensors

/// Says how likely it is that one of two pictures was tampered with, so that f_C takes them for one
/// person.
///
/// Two checks, either of which is enough: how suspicious the pictures are by themselves
/// (``AdversarialDetector``), and the claim, whether the witness f_V sees the person that f_C sees. The
/// larger of their log-odds counts, so that an attacker has to pass both:
///
/// log-odds = α · max(max(s₁, s₂) + o, w·(d_C, d_V) + b) + β
///
/// for the pictures' log-odds s and the distances² d of the pair. The offset o brings both checks to
/// the same share of false alarms.
public struct PairDetector: Sendable, Equatable {
  /// The name in the manifest.
  public static let modelName = "pair_detector"

  /// The log-odds of a false claim from the distance² by f_C and by f_V.
  public let claim: LinearSVM
  /// What is added to the pictures' log-odds.
  public let offset: Double
  /// α and β, which make a probability of the larger one.
  public let slope, intercept: Double

  /// Creates a detector; its numbers are kept in single precision, as in a file.
  ///
  /// - Precondition: the claim has two weights, and the slope is positive.
  public init(claim: LinearSVM, offset: Double, slope: Double, intercept: Double) {
    precondition(
      claim.weights.count == 2 && slope > 0, "\(claim.weights.count) weights, slope \(slope)")
    self.claim = claim.inSinglePrecision
    self.offset = Double(Float(offset))
    (self.slope, self.intercept) = (Double(Float(slope)), Double(Float(intercept)))
  }

  /// What is said of one pair.
  public struct Score: Sendable, Equatable {
    /// The log-odds of a false claim, and of the more suspicious picture on the same scale.
    public let claim, pictures: Double
    /// The probability that one of the pictures was tampered with, 0…1.
    public let probability: Double
    /// Whether the claim is more suspicious than the pictures.
    public var isOfClaim: Bool { claim > pictures }
  }

  /// Judges a pair.
  ///
  /// - Parameters:
  ///   - logOdds: of the more suspicious picture.
  ///   - distance: ‖f_C(x₁) − f_C(x₂)‖² of unit length, 0…4.
  ///   - witnessDistance: the same of f_V.
  /// - Returns: what both checks say.
  public func score(logOdds: Double, distance: Float, witnessDistance: Float) -> Score {
    let (pictures, claim) = (logOdds + offset, claim.decisionValue([distance, witnessDistance]))
    // A number that is none must stay one, whichever of the two it is.
    let larger = pictures.isNaN || claim.isNaN ? .nan : max(pictures, claim)
    return Score(
      claim: claim, pictures: pictures,
      probability: TamperingScore.probability(logOdds: slope * larger + intercept))
  }

  /// The log-odds that ``score(logOdds:distance:witnessDistance:)`` makes a probability of, with
  /// gradients for the check that counts; all (batch).
  public func logOdds(
    pictures: Variable, distance: Variable, witnessDistance: Variable
  ) -> Variable {
    let shape = pictures.value.shape
    func constant(_ value: Double) -> Variable {
      Variable(Tensor(pictures.value.numbers.map { _ in Float(value) }, shape: shape))
    }
    let own = pictures + constant(offset)
    let claims =
      distance * Float(claim.weights[0]) + witnessDistance * Float(claim.weights[1])
      + constant(claim.bias)
    let (a, b) = (own.value.numbers, claims.value.numbers)
    func mask(_ isChosen: (Int) -> Bool) -> Variable {
      Variable(Tensor(a.indices.map { isChosen($0) ? 1 : 0 }, shape: shape))
    }
    let larger = own * mask { a[$0] >= b[$0] } + claims * mask { a[$0] < b[$0] }
    return larger * Float(slope) + constant(intercept)
  }
}
