public import Embedders
public import FaceDatasets
public import FaceFinding
public import Images
public import PictureQuality
public import SeededRandom

extension ShootingCondition {
  /// The conditions that are measured: each kind in five strengths.
  public static func grid(_ kinds: [Kind] = Kind.allCases) -> [ShootingCondition] {
    kinds.flatMap { kind in [0.2, 0.4, 0.6, 0.8, 1].map { ShootingCondition(kind, $0) } }
  }
}

/// What is measured of aligned faces: each one's embedding by f_C and the parts of its quality.
public struct MeasuredFaces: Sendable {
  /// The embeddings, of unit length.
  public private(set) var rows: [[Float]] = []
  /// The parts.
  public private(set) var measures: [PictureMeasures] = []

  /// Measures faces under a condition, drawn for each by its place.
  ///
  /// - `condition`: nil leaves them as they are.
  public init(
    _ faces: [RGBImage], under condition: ShootingCondition?, generator: SplitMix64,
    embedder: FaceEmbedder, network: IdentityLossNetwork, detector: FaceDetector?
  ) {
    let changed = faces.enumerated().map { place, face in
      var random = generator.derived(from: "place", place)
      return condition?.applied(to: face, using: &random) ?? face
    }
    // The scales do not matter for measures.
    let blank = QualityModel(scales: [:], network: network)
    for first in stride(from: 0, to: changed.count, by: 16) {
      let group = Array(changed[first..<min(first + 16, changed.count)])
      for (face, row) in zip(group, ConditionedEmbeddings.embeddings(of: group, embedder)) {
        rows.append(row)
        measures.append(blank.measures(of: face, embedding: row, detector: detector))
      }
    }
  }

  /// The pairs of places whose distance² is below a threshold.
  public func matches(below threshold: Double) -> [(Int, Int)] {
    rows.indices.flatMap { i in
      rows.indices.dropFirst(i + 1).compactMap { j in
        Double(squaredDistance(rows[i], rows[j])) < threshold ? (i, j) : nil
      }
    }
  }
}
