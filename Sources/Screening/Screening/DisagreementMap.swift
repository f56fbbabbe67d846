public import Images
private import Textures

/// Where a face and its reconstruction disagree: χ² between their local binary patterns, cell by cell.
public struct DisagreementMap: Sendable {
  /// Cells across and down.
  public static let cells = 8
  /// The χ² up to which a cell stays clear: 94 % of the cells of untouched photographs lie below it.
  ///
  /// Measured with the generator that ships: quantiles .5, .9 and .99 of 53 photographs' cells are
  /// .43, .68 and 1.01. A sharper generator leaves less.
  public static let clear: Float = 0.75
  /// The χ² from which a cell is shown in full red.
  public static let strongest: Float = 1.5

  /// χ² of each cell, 0…2, row by row.
  public let distances: [Float]
  /// The face in grey, each cell as red as its χ² lies above ``clear``.
  public let picture: RGBImage

  /// Compares a face with its reconstruction.
  ///
  /// - Precondition: both have the same size.
  public init(_ face: RGBImage, reconstruction: RGBImage) {
    let descriptor = TextureDescriptor(grid: .cells(columns: Self.cells, rows: Self.cells))
    func histograms(_ picture: RGBImage) -> CellHistograms {
      descriptor.histograms(
        pixels: picture.luminance, width: picture.width, height: picture.height)[0]
    }
    let distances = histograms(face).chiSquared(to: histograms(reconstruction))
    var pixels: [UInt8] = []
    for (index, grey) in face.luminance.enumerated() {
      let (row, column) = (
        index / face.width * Self.cells / face.height,
        index % face.width * Self.cells / face.width
      )
      let excess = distances[row * Self.cells + column] - Self.clear
      let share = max(0, min(1, excess / (Self.strongest - Self.clear)))
      // Half of the colour is the face, so that it can still be seen.
      let (red, other) = (Float(grey) + (255 - Float(grey)) * share / 2, 1 - share / 2)
      pixels += [UInt8(red), UInt8(Float(grey) * other), UInt8(Float(grey) * other)]
    }
    self.distances = distances
    picture = RGBImage(width: face.width, height: face.height, pixels: pixels)
  }
}
