public import Embedders
private import Foundation
public import Images
public import NeuralNetworks
public import Screening

/// What an attacker knows of a screen: all of it, and from which probability it refuses.
public struct ScreenKnowledge: Sendable {
  /// The screen.
  public let screen: TamperingScreen
  /// The probability of tampering from which it refuses.
  public let threshold: Double

  /// Creates the knowledge.
  public init(_ screen: TamperingScreen, threshold: Double) {
    (self.screen, self.threshold) = (screen, threshold)
  }

  /// The probability of tampering of a face that is held against a reference, by the verdict's own
  /// arithmetic.
  func probability(of face: RGBImage, against reference: RGBImage) -> Double {
    let found = screen.examine([face, reference])
    return screen.probability(of: found[0], against: found[1])
  }
}

/// The distance² by f_C, or the one fused with f_V's, to fall below θ, and the log-odds of tampering, to fall
/// below the screen's limit.
///
/// Gradients run through the whole screen: A, G, f_C, f_V, the changes that consistency looks at, and
/// stand-ins where there are no derivatives.
public struct ScreenObjective: AttackObjective {
  private let knowledge: ScreenKnowledge
  private let goals: [Examination]
  private let limit: Float
  private let fusion: EmbeddingFusion?

  /// Creates the objective from the aligned faces to pass for, one a pair.
  ///
  /// - `fusion`: how the distance² joins f_V's; nil where f_C alone decides.
  /// - Precondition: a screen that a fusion is given for has an f_V.
  public init(
    _ knowledge: ScreenKnowledge, targets: [RGBImage], fusion: EmbeddingFusion? = nil
  ) {
    precondition(
      fusion == nil || knowledge.screen.extractor.witness != nil, "a fusion without f_V")
    (self.knowledge, self.fusion) = (knowledge, fusion)
    goals = knowledge.screen.examine(targets)
    limit = Float(log(knowledge.threshold / (1 - knowledge.threshold)))
  }

  /// The screen looks at a face about a dozen times; eight faces at once are what memory bears.
  public var load: Int { 2 }

  public func parts(of faces: Variable, at points: AttackPoints) -> [AttackPart] {
    let found = knowledge.screen.descent(of: faces, to: points.rows.map { goals[$0] })
    var distances = found.distances
    if let fusion, let seen = found.witnessDistances {
      distances = distances * Float(1 - fusion.weight) + seen * Float(fusion.weight)
    }
    return [
      AttackPart(distances, limit: .theta(share: 1)),
      AttackPart(found.logOdds, limit: .fixed(limit), slack: 2),
    ]
  }
}
