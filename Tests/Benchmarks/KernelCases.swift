import JSON
import KernelSupport
import NeuralNetworks
import SeededRandom
import Tensors

/// Single operations, as networks call them: through variables.
enum KernelCases {
  /// Every kernel case.
  static var all: [BenchmarkCase] {
    firstLayers + convolutions3x3 + convolutions4x4 + upsampled + dense + normalization
  }

  /// What of an operation is computed.
  enum Pass: String {
    case forward
    case inputGradient = "input-gradient"
    case weightGradient = "weight-gradient"
  }

  /// The first layers of A, of the embedder, and of a wider network.
  private static var firstLayers: [BenchmarkCase] {
    [(3, 16), (3, 32)].flatMap { channels in
      [1, 16].map { convolution3x3(128, channels, batch: $0, .forward) }
        + [convolution3x3(128, channels, batch: 16, .weightGradient)]
    }
  }

  /// Sides and channels: first the embedder's, then round numbers that others publish.
  private static var convolutions3x3: [BenchmarkCase] {
    [
      (64, (16, 48)), (32, (96, 96)), (16, (192, 192)), (8, (384, 384)),
      (128, (32, 32)), (64, (64, 64)), (32, (128, 128)), (16, (256, 256)), (8, (256, 256)),
    ].flatMap { side, channels in
      [
        convolution3x3(side, channels, batch: 1, .forward),
        convolution3x3(side, channels, batch: 16, .forward),
        convolution3x3(side, channels, batch: 16, .inputGradient),
        convolution3x3(side, channels, batch: 16, .weightGradient),
      ]
    }
  }

  /// A 3×3 convolution: with bias and ReLU forward, alone for gradients.
  static func convolution3x3(
    level: String = "kernel", _ side: Int, width: Int? = nil, _ channels: (Int, Int), batch: Int,
    tile: WinogradTile = .four, _ pass: Pass
  ) -> BenchmarkCase {
    let width = width ?? side
    let sizes =
      "\(channels.0)-\(channels.1)@\(side)" + (width == side ? "" : "x\(width)")
      + (level == "kernel" ? "" : "/F\(tile.rawValue)")
    return convolution(
      "\(level)/conv3x3/\(sizes)/b\(batch)/\(pass.rawValue)", kind: "conv3x3",
      input: [batch, side, width, channels.0], weight: [3, 3, channels.0, channels.1],
      output: [batch, side, width, channels.1], pass
    ) { x, weight, bias in
      x.convolved3x3(weight, bias: bias, slope: bias == nil ? 1 : 0, tile: tile)
    }
  }

  /// D's layers; only the first has a bias, normalisation follows the others.
  private static var convolutions4x4: [BenchmarkCase] {
    [(128, (3, 24)), (64, (24, 48)), (32, (48, 96)), (16, (96, 192)), (8, (192, 256))].flatMap {
      side, channels in
      [Pass.forward, .inputGradient, .weightGradient].map { pass in
        convolution(
          "kernel/conv4x4s2/\(channels.0)-\(channels.1)@\(side)/b16/\(pass.rawValue)",
          kind: "conv4x4s2", input: [16, side, side, channels.0],
          weight: [4, 4, channels.0, channels.1],
          output: [16, side / 2, side / 2, channels.1], isBiased: channels.0 == 3, pass
        ) { x, weight, bias in
          x.convolved4x4Stride2(weight, bias: bias, slope: bias == nil ? 1 : 0)
        }
      }
    }
  }

  /// G's blocks: up-sampling and a 3×3 convolution.
  private static var upsampled: [BenchmarkCase] {
    [(4, (256, 256)), (16, (128, 64)), (64, (32, 16))].flatMap { side, channels in
      [Pass.forward, .inputGradient, .weightGradient].map { pass in
        convolution(
          "kernel/upsampled3x3/\(channels.0)-\(channels.1)@\(side)/b16/\(pass.rawValue)",
          kind: "upsampled3x3", input: [16, side, side, channels.0],
          weight: [3, 3, channels.0, channels.1],
          output: [16, 2 * side, 2 * side, channels.1], pass
        ) { x, weight, bias in
          x.convolved3x3(
            weight, bias: bias, slope: bias == nil ? 1 : 0, isUpsampled: true)
        }
      }
    }
  }

  /// One pass of a convolution; the forward one has a bias and a rectifier unless told otherwise.
  private static func convolution(
    _ name: String, kind: String, input: [Int], weight: [Int], output: [Int],
    isBiased: Bool = true, _ pass: Pass,
    _ compute: @escaping (_ x: Variable, _ weight: Variable, _ bias: Variable?) -> Variable
  ) -> BenchmarkCase {
    let products = output.dropLast().reduce(1, *) * weight.reduce(1, *)
    return BenchmarkCase(
      name: name, description: ["kind": .string(kind), "pass": .string(pass.rawValue)],
      work: .operations(2 * Double(products))
    ) {
      var random = SplitMix64(seed: 1)
      let x = Variable(tracked: Tensor.normal(input, using: &random).map { max(0, $0) })
      let deviation = (2 / Float(weight.dropLast().reduce(1, *))).squareRoot()
      let w = Variable(tracked: Tensor.normal(weight, deviation: deviation, using: &random))
      var inputs = ParameterTable([("x", x.value), ("weight", w.value)])
      guard pass != .forward else {
        let (x, w) = (x.detached, w.detached)
        let bias =
          isBiased
          ? Variable(Tensor.normal(Array(weight.suffix(1)), deviation: 0.1, using: &random)) : nil
        if let bias { inputs["bias"] = bias.value }
        return PreparedCase(inputs: inputs) { ParameterTable([("y", compute(x, w, bias).value)]) }
      }
      let dy = Tensor.normal(output, using: &random)
      inputs["dy"] = dy
      // The forward pass is recorded once; only carrying the gradient back is timed.
      let y = compute(x, w, nil)
      let target = pass == .inputGradient ? x : w
      return PreparedCase(inputs: inputs) {
        ParameterTable([("y", gradients(of: y, withRespectTo: [target], seed: dy)[0])])
      }
    }
  }

  /// The start of G, the layer before f_C, and A's head.
  private static var dense: [BenchmarkCase] {
    [(1, 6272, 4096), (16, 6272, 4096), (1, 6144, 256), (16, 6144, 256), (16, 4096, 256)].flatMap {
      rows, depth, columns in
      (rows == 1 ? [Pass.forward] : [.forward, .inputGradient, .weightGradient]).map { pass in
        convolution(
          "kernel/dense/\(depth)-\(columns)/b\(rows)/\(pass.rawValue)", kind: "dense",
          input: [rows, depth], weight: [depth, columns], output: [rows, columns], pass
        ) { x, weight, bias in x.dense(weight, bias: bias) }
      }
    }
  }
}
