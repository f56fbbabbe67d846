public import NeuralNetworks
public import Tensors

/// The second network of the detector: whether a window holds a face, and exactly where.
///
/// It sees 48×48 pixels: the aligned frame of 128×128 as the points known so far place it, and
/// corrects these points. Applied again to the corrected window it corrects them further.
public struct FaceRefiner: ParameterizedNetwork, Codable, Equatable {
  /// Pixels a side of what it sees.
  public static let side = 48
  /// Numbers a window: a logit, then the shift of each point from its usual place, in ``unit``
  /// pixels of the window.
  package static let outputs = 11
  /// Pixels that a coordinate of 1 stands for.
  package static let unit = 12.0

  /// Channels of the convolutions.
  public var widths: [Int]
  /// Numbers in the dense layer.
  public var hidden: Int

  /// Creates a network of five convolutions and two dense layers.
  public init(widths: [Int] = [16, 32, 64, 64, 96], hidden: Int = 128) {
    (self.widths, self.hidden) = (widths, hidden)
  }

  /// Whether there is a positive number of channels for each layer.
  public var isBuildable: Bool {
    widths.count == 5 && (widths + [hidden]).allSatisfy { (1...1024).contains($0) }
  }

  private var blocks: [(layer: ConvBlock, isPooled: Bool)] {
    let inputs = [3] + widths
    return widths.indices.map { index in
      (
        ConvBlock(
          "refiner.conv\(index + 1)", index == 0 ? .halving : .same, from: inputs[index],
          to: widths[index]), index == 1 || index == 3
      )
    }
  }

  /// Numbers in the last map: 48 pixels are halved three times.
  private var mapCount: Int { (Self.side / 8) * (Self.side / 8) * widths[4] }

  private var dense: DenseLayer {
    DenseLayer("refiner.dense", from: mapCount, to: hidden, isNormalized: true, slope: 0)
  }

  private var output: DenseLayer { DenseLayer("refiner.output", from: hidden, to: Self.outputs) }

  public func addParameters(to table: inout ParameterTable, using source: inout WeightSource) {
    for block in blocks { block.layer.addParameters(to: &table, using: &source) }
    dense.addParameters(to: &table, using: &source)
    output.addParameters(to: &table, using: &source)
  }

  /// Computes (batch, 11) of windows (batch, 48, 48, 3) in −1…1.
  public func callAsFunction(_ windows: Variable, _ pass: ForwardPass) -> Variable {
    var x = windows
    for block in blocks { x = block.layer(x, pass, isPooled: block.isPooled) }
    return output(dense(x.reshaped([windows.value.shape[0], mapCount]), pass), pass)
  }
}
