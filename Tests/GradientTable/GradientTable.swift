import Geometry
import KernelSupport
import NeuralNetworks
import Tensors

/// Operation × sizes × tile × what is fused × which inputs are tracked.
enum GradientTable {
  static var rows: [GradientRow] {
    var rows: [GradientRow] = []
    for size in sizes {
      rows += convolutions(size)
      rows += doublings(size)
    }
    for size in halvingSizes { rows += halvings(size) }
    for window in windows { rows.append(convolution(window)) }
    for size in normalisedSizes { rows += normalisations(size) }
    for size in rowSizes { rows += products(size) }
    for shape in [[3, 7], [2, 5, 5, 3], [20_000]] { rows += elements(shape) }
    for size in planeSizes { rows += planes(size) }
    return rows + losses
  }

  /// Of a convolution.
  private struct Size {
    let batch, rows, columns, inputs, outputs: Int

    init(_ batch: Int, _ rows: Int, _ columns: Int, _ inputs: Int, _ outputs: Int) {
      (self.batch, self.rows, self.columns) = (batch, rows, columns)
      (self.inputs, self.outputs) = (inputs, outputs)
    }

    var picture: [Int] { [batch, rows, columns, inputs] }
    var name: String { "\(batch)×\(rows)×\(columns)×\(inputs)→\(outputs)" }
  }

  /// Smaller than a tile, larger, cut off, with odd channels.
  private static let sizes = [
    Size(1, 5, 7, 3, 2), Size(2, 8, 8, 5, 3), Size(2, 10, 10, 17, 16), Size(1, 5, 5, 33, 8),
    Size(3, 1, 1, 6, 4), Size(1, 13, 6, 4, 20),
  ]
  private static let halvingSizes = [
    Size(1, 4, 6, 3, 2), Size(2, 2, 2, 1, 3), Size(3, 16, 16, 8, 5), Size(20, 16, 16, 6, 7),
  ]
  private static let normalisedSizes = [
    Size(2, 4, 6, 3, 3), Size(3, 5, 3, 17, 17), Size(2, 2, 2, 33, 33), Size(16, 8, 8, 5, 5),
  ]
  private static let planeSizes = [
    Size(2, 4, 6, 3, 3), Size(1, 5, 3, 17, 17), Size(3, 9, 8, 1, 1),
  ]
  private static let rowSizes = [
    Size(3, 1, 1, 7, 5), Size(1, 1, 1, 33, 17), Size(16, 1, 1, 64, 9),
  ]
  /// None, leaky and ReLU.
  private static let slopes: [Float] = [1, 0.2, 0]
  /// Gradients of all inputs, of the picture alone, of the weights alone.
  private static let trackings: [[Int]] = [[], [0], [1]]
  private static let tiles: [(tile: WinogradTile, isFitted: Bool)] = [
    (.two, false), (.four, false), (.four, true),
  ]

  private static func convolutions(_ size: Size) -> [GradientRow] {
    let shapes: [[Int]] = [size.picture, [3, 3, size.inputs, size.outputs], [size.outputs]]
    var rows: [GradientRow] = []
    for (tile, isFitted) in tiles {
      for slope in slopes {
        for isPooled in size.rows > 1 ? [false, true] : [false] {
          for tracked in trackings {
            let words = "conv3x3 \(size.name) \(tile) \(isFitted ? "fitted " : "")slope \(slope)"
            let name = words + (isPooled ? " pooled" : "") + " of \(tracked)"
            rows.append(
              GradientRow(name, shapes, tracked: tracked) { (v: [Variable]) -> Variable in
                v[0].convolved3x3(
                  v[1], bias: v[2], slope: slope, tile: tile, isPooled: isPooled,
                  isFitted: isFitted)
              })
          }
        }
      }
    }
    return rows
  }

  private static func doublings(_ size: Size) -> [GradientRow] {
    let shapes: [[Int]] = [size.picture, [3, 3, size.inputs, size.outputs]]
    var rows: [GradientRow] = []
    for tile in [WinogradTile.two, .four] {
      for tracked in trackings {
        let words = "conv3x3 doubled \(size.name) \(tile)"
        rows.append(
          GradientRow(words + " slope 0.2 of \(tracked)", shapes, tracked: tracked) {
            (v: [Variable]) -> Variable in
            v[0].convolved3x3(v[1], slope: 0.2, tile: tile, isUpsampled: true)
          })
        rows.append(
          GradientRow(words + " smoothed of \(tracked)", shapes, tracked: tracked) {
            (v: [Variable]) -> Variable in
            v[0].convolved3x3(v[1], tile: tile, isUpsampled: true).smoothed()
          })
      }
    }
    return rows
  }

  private static func halvings(_ size: Size) -> [GradientRow] {
    let shapes: [[Int]] = [size.picture, [4, 4, size.inputs, size.outputs], [size.outputs]]
    var rows: [GradientRow] = []
    for isFitted in [false, true] {
      for slope in slopes {
        for tracked in trackings {
          let words = "conv4x4 stride 2 \(size.name) \(isFitted ? "fitted " : "")slope \(slope)"
          rows.append(
            GradientRow(words + " of \(tracked)", shapes, tracked: tracked) {
              (v: [Variable]) -> Variable in
              v[0].convolved4x4Stride2(v[1], bias: v[2], slope: slope, isFitted: isFitted)
            })
        }
      }
    }
    return rows
  }

  private static let windows: [(size: Int, stride: Int, border: Int, groups: Int)] = [
    (3, 2, 1, 1), (1, 1, 0, 1), (5, 3, 2, 1), (3, 1, 1, 4), (3, 2, 1, 8), (7, 1, 0, 8),
  ]

  /// A window of fixed weights, as imported networks have them.
  private static func convolution(
    _ window: (size: Int, stride: Int, border: Int, groups: Int)
  ) -> GradientRow {
    let (size, stride, border, groups) = window
    func square(_ side: Int) -> PlaneSize { PlaneSize(side, side) }
    let count = size * size * (8 / groups) * 8
    let numbers = (0..<count).map { (place: Int) -> Float in
      0.03 * Float((place * 7919) % 23 - 11)
    }
    let weight = Tensor(numbers, shape: [size, size, 8 / groups, 8])
    let plane = PlaneWindow(
      size: square(size), stride: square(stride), border: square(border),
      output: square((9 + 2 * border - size) / stride + 1))
    return GradientRow(
      "window \(size) stride \(stride) border \(border) groups \(groups)", [[2, 9, 9, 8]]
    ) { (v: [Variable]) -> Variable in
      v[0].convolved(weight, plane, groups: groups)
    }
  }

  private static func normalisations(_ size: Size) -> [GradientRow] {
    let channels = size.inputs
    let scale = (0..<channels).map { (channel: Int) -> Float in 0.5 - Float(channel % 3) }
    let shift = (0..<channels).map { (channel: Int) -> Float in 0.1 * Float(channel % 5) }
    var rows: [GradientRow] = []
    for slope in slopes {
      for isPooled in [false, true] {
        let words = "\(size.name) slope \(slope)" + (isPooled ? " pooled" : "")
        rows.append(
          GradientRow("normalised " + words, [size.picture, [channels], [channels]]) {
            (v: [Variable]) -> Variable in
            v[0].batchNormalized(gamma: v[1], beta: v[2], slope: slope, isPooled: isPooled).0
          })
        rows.append(
          GradientRow("scaled and shifted " + words, [size.picture]) {
            (v: [Variable]) -> Variable in
            v[0].scaledShifted(scale: scale, shift: shift, slope: slope, isPooled: isPooled)
          })
      }
    }
    return rows
  }

  private static func products(_ size: Size) -> [GradientRow] {
    let (n, i, o) = (size.batch, size.inputs, size.outputs)
    var rows = trackings.map { (tracked: [Int]) -> GradientRow in
      GradientRow("dense \(n)×\(i)→\(o) of \(tracked)", [[n, i], [i, o], [o]], tracked: tracked) {
        (v: [Variable]) -> Variable in v[0].dense(v[1], bias: v[2])
      }
    }
    rows.append(
      GradientRow("products of rows \(n)×\(i), \(o)", [[n, i], [o, i]]) {
        (v: [Variable]) -> Variable in v[0].products(with: v[1])
      })
    rows.append(
      GradientRow("unit rows \(n)×\(i)", [[n, i]], gap: 0.2) {
        (v: [Variable]) -> Variable in v[0].unitRows()
      })
    rows.append(
      GradientRow("columns joined and parted \(n)×\(i)", [[n, i], [n, o]]) {
        (v: [Variable]) -> Variable in v[0].joined(columnsOf: v[1]).columns(1..<i + o - 1)
      })
    return rows
  }

  private typealias Operation = @Sendable ([Variable]) -> Variable

  private static func elements(_ shape: [Int]) -> [GradientRow] {
    let both: Operation = { v in v[0] * v[1] + v[0] - v[1] * 0.5 }
    let kinked: [(String, Operation)] = [
      ("ReLU", { v in v[0].rectified() }), ("leaky ReLU", { v in v[0].rectified(slope: 0.2) }),
    ]
    let curved: [(String, Operation)] = [
      ("tanh", { v in v[0].hyperbolicTangent() }), ("exp", { v in v[0].exponential() }),
      ("logistic", { v in v[0].logistic() }),
      ("logarithm", { v in (v[0] * v[0]).logarithm(above: 0.5) }),
    ]
    return [GradientRow("sum, difference, product \(shape)", [shape, shape], both)]
      + kinked.map { GradientRow("\($0.0) \(shape)", [shape], gap: 0.05, $0.1) }
      + curved.map { GradientRow("\($0.0) \(shape)", [shape], $0.1) }
  }

  private static func planes(_ size: Size) -> [GradientRow] {
    let (n, h, w) = (size.batch, size.rows, size.columns)
    let deviations = (0..<n).map { (place: Int) -> Float in 0.5 * Float(place) }
    let turns = (0..<n).map { (place: Int) -> SimilarityTransform in
      SimilarityTransform(a: 0.9, b: 0.2 * Double(place + 1), shiftX: 0.4, shiftY: -0.3)
    }
    let operations: [(String, Operation)] = [
      ("largest of 2×2", { v in v[0].maxPooled() }),
      ("mean of all places", { v in v[0].globallyAveraged() }),
      ("doubled", { v in v[0].upsampled() }), ("smoothed", { v in v[0].smoothed() }),
      ("blurred", { v in v[0].blurred(deviation: 1.1) }),
      ("blurred each its own", { v in v[0].blurred(deviations: deviations) }),
      ("moved", { v in v[0].shifted(right: 1, down: -2) }),
      ("resampled", { v in v[0].resampled(rows: h + 3, columns: w - 1) }),
      ("cropped", { v in v[0].cropped(rows: 1..<h, columns: 0..<w - 1) }),
      ("mirrored", { v in v[0].mirrored() }),
      ("turned and scaled", { v in v[0].warped(by: turns, rows: h, columns: w + 1) }),
      ("parts of a batch", { v in Variable(joining: [v[0], v[0] * v[0]]).entries(1..<2 * n) }),
    ]
    return operations.map { GradientRow("\($0.0) \(size.name)", [size.picture], $0.1) }
  }

  private static var losses: [GradientRow] {
    let pair = [[3, 8], [3, 8]]
    let labels = [0, 5, 2, 2]
    let operations: [(String, [[Int]], Operation)] = [
      ("half the squared distance", pair, { v in v[0].halfSquaredDistance(to: v[1]) }),
      ("squared distances of rows", pair, { v in v[0].squaredRowDistances(to: v[1]) }),
      ("divergence from normal", pair, { v in v[0].divergenceFromNormal(logVariance: v[1]) }),
      ("softmax", [[4, 6]], { v in v[0].softmaxCrossEntropy(labels: labels, scale: 3) }),
      (
        "softmax with a margin", [[4, 6]],
        { v in v[0].softmaxCrossEntropy(labels: labels, scale: 3, margin: 0.3) }
      ),
      (
        "angular margin", [[4, 6]],
        { v in v[0].hyperbolicTangent().addingAngularMargin(0.3, labels: labels) }
      ),
      ("logistic loss", [[9, 1]], { v in v[0].logisticLoss(target: 0.9) }),
      ("hinge loss", [[9, 1]], { v in v[0].hingeLoss(isAbove: true) }),
    ]
    return operations.map { GradientRow($0.0, $0.1, $0.2) }
  }
}
