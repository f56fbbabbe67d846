private import Textures

extension FeatureExtractor {
  /// The numbers of a group as they are computed here, for files to record.
  ///
  /// Raise the revision with every change of a group's numbers that its words do not show.
  static func definition(
    _ group: FeatureGroup, changes: [FaceTransform]
  ) -> FeatureSpecification.Group {
    switch group {
    case .picture: histograms("x")
    case .reconstruction: histograms("x̂")
    case .relation:
      FeatureSpecification.Group(
        revision: 1,
        numbers: radii.patterns.map { "χ² of x and x̂ in \(radii.grid.words), \($0.words)" })
    case .identity:
      FeatureSpecification.Group(
        revision: 1,
        numbers: [
          distance("f_C", "x̂"), distance("f_V", "x̂"), logarithm(of: distance("f_C", "x̂")),
          logarithm(of: distance("f_V", "x̂")),
        ])
    case .consistency: moves("f_C", changes)
    case .witness: moves("f_V", changes)
    case .residual: FeatureSpecification.Group(revision: 1, numbers: DetailEnergies.numbers)
    }
  }

  private static func histograms(_ name: String) -> FeatureSpecification.Group {
    FeatureSpecification.Group(
      revision: 1, numbers: ["histograms of \(name) by the file's descriptor"])
  }

  private static func moves(
    _ network: String, _ changes: [FaceTransform]
  ) -> FeatureSpecification.Group {
    FeatureSpecification.Group(
      revision: 1,
      numbers: changes.map { logarithm(of: distance(network, $0.definition)) })
  }

  private static func distance(_ network: String, _ other: String) -> String {
    "d²(\(network)(x), \(network)(\(other)))"
  }

  private static func logarithm(of distance: String) -> String {
    "log(\(distance) + \(distanceFloor))"
  }
}

extension LocalBinaryPattern {
  fileprivate var words: String {
    switch neighbourhood {
    case .square: "square"
    case .circle(let radius): "circle of radius \(radius)"
    }
  }
}

extension CellGrid {
  fileprivate var words: String {
    switch self {
    case .cells(let columns, let rows): "\(columns)×\(rows) cells"
    case .pixels(let width, let height): "cells of \(width)×\(height) pixels"
    }
  }
}
