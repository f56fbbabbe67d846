internal import Images

/// The detail of reconstructions beside that of their pictures: sharpness, and traces of a grid.
struct DetailMeasures {
  /// Cycles a pixel above which there is detail.
  private static let detail = 0.125
  /// Cycles a pixel above which a grid is looked for.
  private static let grid = 1.0 / 16

  /// The energy of detail of each picture and of its reconstruction.
  private(set) var energies: [(picture: Double, rebuilt: Double)] = []
  private var peaks: [(picture: [Double], rebuilt: [Double])] = []
  private var side = 0

  /// Takes a picture and its reconstruction; those that have no spectrum count for nothing.
  mutating func add(_ picture: RGBImage, _ rebuilt: RGBImage) {
    guard let x = PictureSpectrum(picture), let y = PictureSpectrum(rebuilt) else { return }
    energies.append((x.energy(above: Self.detail), y.energy(above: Self.detail)))
    peaks.append((x.axisPeaks, y.axisPeaks))
    side = x.side
  }

  /// The energy above .125 cycles a pixel of the reconstructions at some places over that of their
  /// pictures.
  func sharpness(_ places: [Int]) -> Double {
    let (x, y) = places.reduce(into: (0.0, 0.0)) { sums, place in
      sums.0 += energies[place].picture
      sums.1 += energies[place].rebuilt
    }
    return x > 0 ? y / x : .nan
  }

  /// The largest ratio, over frequencies above 1/16 cycle a pixel, of how far the axes stand out in
  /// reconstructions and in pictures, medians over the pictures; and the period in pixels where it is.
  var gridIndex: (ratio: Double, period: Double) {
    guard let count = peaks.first?.picture.count else { return (.nan, .nan) }
    func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
    let first = Int(Self.grid * Double(side))
    let ratios = (first..<count).map { index in
      (
        ratio: median(peaks.map { $0.rebuilt[index] }) / median(peaks.map { $0.picture[index] }),
        period: Double(side) / Double(index + 1)
      )
    }
    return ratios.max { $0.ratio < $1.ratio } ?? (.nan, .nan)
  }
}
