/// The texture of a grey picture as one vector: cell histograms of one or more operators.
///
///     let descriptor = TextureDescriptor()
///     let features = descriptor.features(pixels: grey, width: 128, height: 128)
///     features.count  // 8 · 8 · 59 = 3776
///
/// Reference: Ahonen, Hadid and Pietikäinen, "Face description with local binary patterns", 2006.
public struct TextureDescriptor: Hashable, Sendable, Codable {
  /// The operators, whose histograms follow one another.
  public let patterns: [LocalBinaryPattern]
  /// The cells of each operator's plane of codes.
  public let grid: CellGrid
  /// What the counts of a cell are divided by.
  public let normalisation: CellNormalisation
  /// Whether the square root of each element is taken: the Hellinger map.
  public let takesSquareRoot: Bool

  /// Creates a descriptor.
  ///
  /// - Precondition: at least one operator.
  public init(
    patterns: [LocalBinaryPattern] = [LocalBinaryPattern()],
    grid: CellGrid = .cells(columns: 8, rows: 8), normalisation: CellNormalisation = .l1,
    takesSquareRoot: Bool = true
  ) {
    precondition(!patterns.isEmpty, "a descriptor without operators")
    (self.patterns, self.grid) = (patterns, grid)
    (self.normalisation, self.takesSquareRoot) = (normalisation, takesSquareRoot)
  }

  /// Returns the number of features of a picture of this size.
  public func featureCount(width: Int, height: Int) -> Int {
    patterns.reduce(0) { sum, pattern in
      let edges = grid.edges(
        width: width - 2 * pattern.margin, height: height - 2 * pattern.margin)
      return sum + (edges.x.count - 1) * (edges.y.count - 1) * UniformPatterns.binCount
    }
  }

  /// Computes the features of a grey picture, rows from top to bottom.
  ///
  /// - Precondition: `pixels.count == width * height`, and every cell holds a code.
  public func features(pixels: [UInt8], width: Int, height: Int) -> [Float] {
    histograms(pixels: pixels, width: width, height: height).flatMap {
      $0.features(normalisation: normalisation, takesSquareRoot: takesSquareRoot)
    }
  }

  /// Counts the codes of each operator, cell by cell.
  ///
  /// - Precondition: `pixels.count == width * height`, and every cell holds a code.
  public func histograms(pixels: [UInt8], width: Int, height: Int) -> [CellHistograms] {
    patterns.map {
      CellHistograms($0.codes(pixels: pixels, width: width, height: height), grid: grid)
    }
  }
}
