/// The mapping of 256 codes to 59 bins that keeps edges, corners and spots apart.
///
/// A code is uniform if its bits change at most twice around the circle. The 58 uniform codes get
/// bins 0…57 in ascending order of the code; all others share bin 58.
///
/// Reference: Ojala et al., 2002, section 2.4; Ahonen, Hadid and Pietikäinen, "Face description
/// with local binary patterns", 2006, section 3.1 (LBP with superscript u2).
public enum UniformPatterns {
  /// The number of bins.
  public static let binCount = 59

  /// The bin of each code.
  public static let bins: [UInt8] = {
    var next: UInt8 = 0
    return (UInt8.min...UInt8.max).map { code in
      guard transitions(of: code) <= 2 else { return UInt8(binCount - 1) }
      defer { next += 1 }
      return next
    }
  }()

  /// Returns the number of places around the circle where a code's bits change: 0, 2, 4, 6 or 8.
  public static func transitions(of code: UInt8) -> Int {
    let turned = code << 1 | code >> 7
    return (code ^ turned).nonzeroBitCount
  }
}
