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

/// What is measured of aligned faces: each one's embeddings and the parts of its quality.
public struct MeasuredFaces: Sendable {
  /// The networks that decide.
  private let deciding: DecidingEmbedders
  /// The embeddings by f_C, and by f_V where it takes part, of unit length.
  private var rows: [(own: [Float], witness: [Float]?)] = []
  /// The parts.
  public private(set) var measures: [PictureMeasures] = []

  /// Measures faces under a condition, drawn for each by its place.
  ///
  /// - `condition`: nil leaves them as they are.
  public init(
    _ faces: [RGBImage], under condition: ShootingCondition?, generator: SplitMix64,
    deciding: DecidingEmbedders, network: IdentityLossNetwork, detector: FaceDetector?
  ) {
    self.deciding = deciding
    let changed = faces.enumerated().map { place, face in
      var random = generator.derived(from: "place", place)
      return condition?.applied(to: face, using: &random) ?? face
    }
    // The scales do not matter for measures.
    let blank = QualityModel(scales: [:], network: network)
    for first in stride(from: 0, to: changed.count, by: 16) {
      let group = Array(changed[first..<min(first + 16, changed.count)])
      let own = ConditionedEmbeddings.embeddings(of: group, deciding.embedder)
      let witness = deciding.second.map { ConditionedEmbeddings.embeddings(of: group, $0.witness) }
      for (place, face) in group.enumerated() {
        rows.append((own[place], witness?[place]))
        // Quality is told from f_C's embedding, whoever decides.
        measures.append(blank.measures(of: face, embedding: own[place], detector: detector))
      }
    }
  }

  /// The distance² of the faces at two places, 0…4, as a door finds it.
  public func distance(_ first: Int, _ second: Int) -> Double {
    deciding.distance(rows[first], rows[second])
  }

  /// The pairs of places whose distance² is below a threshold.
  public func matches(below threshold: Double) -> [(Int, Int)] {
    rows.indices.flatMap { i in
      rows.indices.dropFirst(i + 1).compactMap { j in
        distance(i, j) < threshold ? (i, j) : nil
      }
    }
  }
}
