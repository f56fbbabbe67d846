public import NeuralNetworks
public import Tensors

/// The first network of the detector: where in a picture faces may be.
///
/// Fully convolutional; each cell of 8×8 pixels says how likely it lies in the middle of a face of
/// 24 to 48 pixels, and where that face's five points are. Other sizes are found in halved pictures.
public struct FaceSeeker: ParameterizedNetwork, Codable, Equatable {
  /// Pixels a side of a cell.
  public static let stride = 8
  /// Numbers a cell: a logit, then x and y of each point from the cell's centre, in ``unit`` pixels.
  package static let outputs = 11
  /// Pixels that a coordinate of 1 stands for.
  package static let unit = 16.0
  /// Sides of faces, in pixels, that the network is to find.
  static let sizes = 24.0...48.0

  /// Channels of the layers.
  public var widths: [Int]

  /// Creates a network of six layers and an output.
  public init(widths: [Int] = [16, 32, 32, 64, 64, 64]) { self.widths = widths }

  /// Whether there is a positive number of channels for each of the six layers.
  public var isBuildable: Bool {
    widths.count == 6 && widths.allSatisfy { (1...1024).contains($0) }
  }

  private var blocks: [(layer: ConvBlock, isPooled: Bool)] {
    let inputs = [3] + widths
    return widths.indices.map { index in
      (
        ConvBlock(
          "seeker.conv\(index + 1)", index == 0 ? .halving : .same, from: inputs[index],
          to: widths[index]), index == 1 || index == 3
      )
    }
  }

  private var output: ConvBlock {
    ConvBlock(
      "seeker.output", from: widths[5], to: Self.outputs, isNormalized: false, slope: 1)
  }

  public func addParameters(to table: inout ParameterTable, using source: inout WeightSource) {
    for block in blocks { block.layer.addParameters(to: &table, using: &source) }
    output.addParameters(to: &table, using: &source)
  }

  /// Computes (batch, row / 8, column / 8, 11) of pictures (batch, row, column, 3) in −1…1.
  ///
  /// - Precondition: rows and columns are multiples of 8.
  public func callAsFunction(_ pictures: Variable, _ pass: ForwardPass) -> Variable {
    var x = pictures
    for block in blocks { x = block.layer(x, pass, isPooled: block.isPooled) }
    return output(x, pass)
  }
}
