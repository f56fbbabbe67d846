private import Foundation

/// The verdict of a detector on one face.
public struct TamperingScore: Sendable, Equatable {
  /// Each part's decision value; larger is more suspicious.
  public let parts: [(name: String, value: Double)]
  /// The log-odds that the face was tampered with.
  public let logOdds: Double

  /// Creates a score.
  public init(parts: [(name: String, value: Double)], logOdds: Double) {
    (self.parts, self.logOdds) = (parts, logOdds)
  }

  /// The probability of it, 0…1.
  public var probability: Double { Self.probability(logOdds: logOdds) }

  /// 1 / (1 + exp(−log-odds)).
  public static func probability(logOdds: Double) -> Double { 1 / (1 + exp(-logOdds)) }

  public static func == (a: TamperingScore, b: TamperingScore) -> Bool {
    a.logOdds == b.logOdds && a.parts.elementsEqual(b.parts, by: ==)
  }
}
