private import Glibc
internal import KernelSupport
private import Kernels
public import Tensors

/// A convolution with any window whose weights do not change, and the way it is computed.
///
/// Weights are (rows, columns, in / groups, out).
struct WindowConvolution {
  /// How sums are computed.
  private enum Way {
    /// Each channel by itself.
    case depthwise
    /// A dense product, pixel by pixel.
    case pointwise
    /// 3×3, stride 1: Winograd's.
    case same
    /// Direct sums.
    case direct(ConvolutionWindow)
    /// Windows gathered into a matrix: anything else.
    case gathered
  }

  private let way: Way
  private let weight: Tensor
  private let window: PlaneWindow
  private let groups: Int
  private let batch, height, width, inputs, outputs: Int

  /// - Precondition: the shapes fit each other.
  init(of x: Tensor, _ weight: Tensor, _ window: PlaneWindow, groups: Int) {
    (batch, height, width, inputs) = sizes(of: x)
    (self.weight, self.window, self.groups) = (weight, window, groups)
    let shape = weight.shape
    precondition(
      shape.count == 4 && groups > 0 && shape[2] * groups == inputs && shape[3] % groups == 0
        && shape[0] == window.size.rows && shape[1] == window.size.columns,
      "input \(x.shape) and weights \(shape) in \(groups) groups do not fit a window of \(window)")
    outputs = shape[3]
    let square = window.square(height: height, width: width)
    way =
      if groups > 1 {
        groups == inputs && groups == outputs ? .depthwise : .gathered
      } else if square == ConvolutionWindow(side: 1, stride: 1, border: 0) {
        .pointwise
      } else if square == .same {
        .same
      } else {
        square.map { .direct($0) } ?? .gathered
      }
  }

  private var places: Int { window.output.rows * window.output.columns }
  /// The numbers of a window that one group sees.
  private var depth: Int { window.size.rows * window.size.columns * inputs / groups }

  /// The results: (batch, rows, columns, out).
  func callAsFunction(_ x: Tensor, _ activation: ChannelActivation) -> Tensor {
    activation.check(outputs)
    let shape = [batch, window.output.rows, window.output.columns, outputs]
    switch way {
    case .depthwise:
      return Tensor.read(x, weight) { x, weight in
        Tensor(shape: shape) { y in
          activation.read {
            Compute.kernels.convolveDepthwise(x, weights: weight, depthwise, $0, into: y)
          }
        }
      }
    case .pointwise:
      return product(x, rows: batch * places, activation).reshaped(shape)
    case .same:
      let slope = activation.simpleSlope
      let y = Variable(x).convolved3x3(
        Variable(weight), bias: activation.bias.map { Variable($0) }, slope: slope ?? 1,
        tile: Compute.tile
      ).value
      return slope == nil ? activation.withoutBias(y) : y
    case .direct(let square):
      let slope = activation.simpleSlope
      let sizes = ConvolutionShape(
        batch: batch, height: height, width: width, inputChannels: inputs, outputChannels: outputs)
      let panels = panels(of: weight, depth: depth, columns: outputs)
      let y = Tensor(shape: shape) { y in
        activation.bias.read { bias in
          x.read { x in
            panels.read {
              Compute.kernels.convolveDirect(
                x, panels: $0, sizes, square, ConvolutionEpilogue(bias: bias, slope: slope ?? 1),
                into: y)
            }
          }
        }
      }
      return slope == nil ? activation.withoutBias(y) : y
    case .gathered:
      return gathered(x, activation).reshaped(shape)
    }
  }

  /// ∂L/∂x of ∂L/∂sums.
  func inputGradient(_ dy: Tensor) -> Tensor {
    let (stride, border) = (window.stride, window.border)
    switch way {
    case .depthwise:
      let spaced = dilated(
        dy, rows: (window.output.rows - 1) * stride.rows + 1,
        columns: (window.output.columns - 1) * stride.columns + 1)
      let (_, rows, columns, _) = sizes(of: spaced)
      let back = DepthwiseShape(
        batch: batch, height: rows, width: columns, channels: inputs, window: window.size,
        stride: PlaneSize(1, 1),
        border: PlaneSize(
          window.size.rows - 1 - border.rows, window.size.columns - 1 - border.columns),
        output: PlaneSize(height, width))
      let taps = window.size.rows * window.size.columns
      let channels = inputs
      let turned = weight.packedForm("turned", count: taps * channels) { target in
        weight.read { w in
          for tap in 0..<taps {
            memcpy(target + tap * channels, w + (taps - 1 - tap) * channels, channels * 4)
          }
        }
      }
      return Tensor(shape: [batch, height, width, inputs]) { dx in
        spaced.read { dy in
          turned.read {
            Compute.kernels.convolveDepthwise(
              dy, weights: $0, back, ChannelEpilogue(), into: dx)
          }
        }
      }
    case .pointwise:
      return dy.reshaped([batch * places, outputs])
        .times(weight.reshaped([inputs, outputs]), transposed: true)
        .reshaped([batch, height, width, inputs])
    case .same:
      return inputGradient3x3(dy, weight)
    case .direct(let square)
    where square.side == 3 && square.border == 1
      && (window.output.rows - 1) * square.stride < height
      && (window.output.columns - 1) * square.stride < width:
      // A window with a stride is every so many places of the one without.
      return inputGradient3x3(dilated(dy, rows: height, columns: width), weight)
    case .direct, .gathered:
      return scattered(dy)
    }
  }

  private var depthwise: DepthwiseShape {
    DepthwiseShape(
      batch: batch, height: height, width: width, channels: inputs, window: window.size,
      stride: window.stride, border: window.border, output: window.output)
  }

  private func product(_ x: Tensor, rows: Int, _ activation: ChannelActivation) -> Tensor {
    let panels = panels(of: weight, depth: depth, columns: outputs)
    return Tensor(shape: [rows, outputs]) { y in
      x.read { x in
        panels.read { panels in
          activation.read {
            Compute.kernels.multiply(
              x, rows: rows, depth: depth, panels: panels, columns: outputs, $0, into: y)
          }
        }
      }
    }
  }

  /// Gradients with zeros between them, as many as a stride leaves out.
  private func dilated(_ dy: Tensor, rows: Int, columns: Int) -> Tensor {
    let (stride, output, channels) = (window.stride, window.output, outputs)
    if output.rows == rows && output.columns == columns { return dy }
    return dy.read { numbers in
      Tensor(shape: [batch, rows, columns, channels]) { y in
        memset(y, 0, batch * rows * columns * channels * 4)
        for line in 0..<batch * output.rows {
          let (picture, row) = line.quotientAndRemainder(dividingBy: output.rows)
          let target = y + ((picture * rows + row * stride.rows) * columns) * channels
          for column in 0..<output.columns {
            memcpy(
              target + column * stride.columns * channels,
              numbers + (line * output.columns + column) * channels, channels * 4)
          }
        }
      }
    }
  }

  // MARK: Windows as a matrix, picture by picture and group by group

  private func gathered(_ x: Tensor, _ activation: ChannelActivation) -> Tensor {
    let (own, kernels) = (outputs / groups, Compute.kernels)
    return Tensor(shape: [batch * places, outputs]) { y in
      x.read { x in
        activation.read { epilogue in
          BufferPool.withScratch(places * (depth + own)) { scratch in
            let sums = scratch + places * depth
            for group in 0..<groups {
              let part = ChannelEpilogue(
                bias: epilogue.bias.map { $0 + group * own },
                slopes: epilogue.slopes.map { $0 + group * own }, ceiling: epilogue.ceiling)
              let panels = groupPanels(group, transposed: false)
              for picture in 0..<batch {
                let target = y + picture * places * outputs
                eachWindowLine(group) { window, pixel, count in
                  if let pixel {
                    memcpy(
                      scratch + window, x + picture * height * width * inputs + pixel, count * 4)
                  } else {
                    memset(scratch + window, 0, count * 4)
                  }
                }
                panels.read {
                  kernels.multiply(
                    Source(scratch), rows: places, depth: depth, panels: $0, columns: own, part,
                    into: groups == 1 ? target : sums)
                }
                guard groups > 1 else { continue }
                for place in 0..<places {
                  memcpy(target + place * outputs + group * own, sums + place * own, own * 4)
                }
              }
            }
          }
        }
      }
    }
  }

  private func scattered(_ dy: Tensor) -> Tensor {
    let (own, kernels) = (outputs / groups, Compute.kernels)
    return dy.read { dy in
      Tensor(shape: [batch, height, width, inputs]) { dx in
        memset(dx, 0, batch * height * width * inputs * 4)
        BufferPool.withScratch(places * (depth + own)) { scratch in
          let part = scratch + places * depth
          for group in 0..<groups {
            let panels = groupPanels(group, transposed: true)
            for picture in 0..<batch {
              let source = dy + picture * places * outputs
              if groups > 1 {
                for place in 0..<places {
                  memcpy(part + place * own, source + place * outputs + group * own, own * 4)
                }
              }
              panels.read {
                kernels.multiply(
                  groups == 1 ? source : Source(part), rows: places, depth: own, panels: $0,
                  columns: depth, bias: nil, slope: 1, into: scratch)
              }
              let target = dx + picture * height * width * inputs
              eachWindowLine(group) { window, pixel, count in
                guard let pixel else { return }
                for i in 0..<count { target[pixel + i] += scratch[window + i] }
              }
            }
          }
        }
      }
    }
  }

  /// Calls `body` for each pixel of each window: where its numbers lie in the matrix of windows, and in
  /// the picture, nil for outside.
  private func eachWindowLine(_ group: Int, _ body: (Int, Int?, Int) -> Void) {
    let count = inputs / groups
    var place = 0
    for row in 0..<window.output.rows {
      let top = row * window.stride.rows - window.border.rows
      let rows = window.rows(of: row, height: height)
      for column in 0..<window.output.columns {
        let left = column * window.stride.columns - window.border.columns
        let columns = window.columns(of: column, width: width)
        for i in 0..<window.size.rows {
          for j in 0..<window.size.columns {
            let isInside = rows.contains(i) && columns.contains(j)
            body(
              place,
              isInside ? ((top + i) * width + left + j) * inputs + group * count : nil, count)
            place += count
          }
        }
      }
    }
  }

  /// The weights of one group as panels.
  private func groupPanels(_ group: Int, transposed: Bool) -> Tensor.PackedForm {
    let (own, depth, outputs, kernels) = (outputs / groups, depth, outputs, Compute.kernels)
    let (rows, columns) = transposed ? (own, depth) : (depth, own)
    let padded = (columns + kernels.panelWidth - 1) / kernels.panelWidth * kernels.panelWidth
    return weight.packedForm(
      "\(kernels.name) group \(group) of \(groups) \(transposed)", count: rows * padded
    ) { target in
      weight.read { w in
        BufferPool.withScratch(depth * own) { part in
          for k in 0..<depth { memcpy(part + k * own, w + k * outputs + group * own, own * 4) }
          kernels.pack(
            Source(part), depth: rows, columns: columns, transposed: transposed, into: target)
        }
      }
    }
  }
}

extension Variable {
  /// A convolution with any window, in groups of channels, with bias and activation.
  ///
  /// y[n, r, c, o] = act(Σ x[n, r·s − b + i, c·s − b + j, k] · w[i, j, k, o] + bias[o]), over the
  /// channels k of o's group.
  ///
  /// | tensor   | shape                              |
  /// |----------|------------------------------------|
  /// | `self`   | batch, row, column, in             |
  /// | `weight` | rows, columns, in / groups, out    |
  /// | result   | batch, row, column, out            |
  ///
  /// Gradients go to the picture; weights do not change.
  ///
  /// - Precondition: the shapes fit each other.
  public func convolved(
    _ weight: Tensor, _ window: PlaneWindow, groups: Int = 1,
    _ activation: ChannelActivation = ChannelActivation()
  ) -> Variable {
    let convolution = WindowConvolution(of: value, weight, window, groups: groups)
    guard isTracked && !activation.isReversible else {
      let y = convolution(value, activation)
      return Variable(y, parents: [self]) { dy, _ in
        [convolution.inputGradient(activation.gradient(y, dy))]
      }
    }
    let sums = convolution(value, activation.biasAlone)
    return Variable(activation.withoutBias(sums), parents: [self]) { dy, _ in
      [convolution.inputGradient(activation.gradient(sums, dy))]
    }
  }

  /// y = act(x · W + bias), (batch, in) to (batch, out); gradients go to x.
  public func dense(_ weight: Tensor, _ activation: ChannelActivation) -> Variable {
    let x = value
    precondition(
      x.shape.count == 2 && weight.shape.count == 2 && x.shape[1] == weight.shape[0],
      "input \(x.shape) and weights \(weight.shape) do not fit")
    let (rows, inputs, outputs) = (x.shape[0], weight.shape[0], weight.shape[1])
    return reshaped([rows, 1, 1, inputs]).convolved(
      weight.reshaped([1, 1, inputs, outputs]),
      PlaneWindow(
        size: PlaneSize(1, 1), stride: PlaneSize(1, 1), border: PlaneSize(0, 0),
        output: PlaneSize(1, 1)), activation
    ).reshaped([rows, outputs])
  }
}
