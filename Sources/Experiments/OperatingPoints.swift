private import BiometricMetrics
public import Checkpoints
public import FaceDatasets
public import FaceVerification
private import NeuralNetworks
private import SeededRandom
private import Tensors

/// Thresholds of f_C with false match rates measured on people outside its training.
public enum VerificationPoints {
  /// The false match rates for which thresholds are stored, by name.
  public static let rates = [("fmr-1e-1", 1e-1), ("fmr-1e-2", 1e-2), ("fmr-1e-3", 1e-3)]

  /// Measures all pairs of pictures of different people.
  ///
  /// - Returns: one point for each rate that the number of pairs supports.
  /// - Throws: what reading pictures and measuring throws.
  public static func measure(
    _ embedder: FaceEmbedder, on people: IdentityDataset, source: String
  ) throws -> [OperatingPoint] {
    var rows: [[Float]] = []
    for first in stride(from: 0, to: people.count, by: 32) {
      let part = Array(first..<min(people.count, first + 32))
      let pictures = try people.tensor(
        part, augmentation: .none, using: SplitMix64(seed: 0))
      let embedded = embedder.unitEmbeddings(of: Variable(pictures)).value
      rows += part.indices.map { embedded.entries($0..<$0 + 1).numbers }
    }
    var (genuine, impostor): ([Double], [Double]) = ([], [])
    for i in rows.indices {
      for j in 0..<i {
        let distance = Double(squaredDistance(rows[i], rows[j]))
        if people.labels[i] == people.labels[j] {
          genuine.append(distance)
        } else {
          impostor.append(distance)
        }
      }
    }
    let scores = try LabelledScores(
      positives: genuine, negatives: impostor, direction: .smallerIsPositive)
    return rates.compactMap { name, rate in
      guard let threshold = try? scores.threshold(atFalseMatchRate: rate) else { return nil }
      let matched = scores.falseMatchRate(at: threshold)
      return OperatingPoint(
        name: name, threshold: threshold, fmr: rate,
        fnmr: scores.falseNonMatchRate(at: threshold).value, count: impostor.count,
        ci95: matched.wilson95.ends, source: source)
    }
  }
}
