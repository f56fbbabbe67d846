internal import KernelSupport
private import Kernels
public import Tensors

/// What a layer of a network that is not trained does to each channel of its sums: a bias, a slope below
/// zero, a largest value.
///
/// PReLU (He et al., 2015) has a slope for each channel; ReLU6 slopes of 0 and the ceiling 6.
public struct ChannelActivation: Sendable {
  /// One number a channel, or none.
  public let bias: Tensor?
  /// The slope below zero, one a channel; none for no activation.
  public let slopes: Tensor?
  /// The largest result; infinite for none.
  public let ceiling: Float
  /// Whether the sign of a result is that of the sum.
  private let keepsSigns: Bool
  /// The slope of all channels, if it is one.
  private let commonSlope: Float?

  /// Creates an activation; nothing happens if nothing is given.
  public init(bias: Tensor? = nil, slopes: Tensor? = nil, ceiling: Float = .infinity) {
    (self.bias, self.slopes, self.ceiling) = (bias, slopes, ceiling)
    let numbers = slopes?.numbers ?? []
    keepsSigns = numbers.allSatisfy { $0 >= 0 }
    commonSlope = numbers.allSatisfy { $0 == numbers[0] } ? numbers.first : nil
  }

  /// Whether sums are changed beyond the bias.
  var activates: Bool { slopes != nil || ceiling < .infinity }

  /// Whether nothing happens.
  public var isEmpty: Bool { bias == nil && !activates }

  /// The slope that kernels for a common one take over, 1 for none; nil where they cannot.
  var simpleSlope: Float? {
    guard ceiling == .infinity else { return nil }
    guard slopes != nil else { return 1 }
    return commonSlope.flatMap { $0 >= 0 ? $0 : nil }
  }

  /// Lends kernels the numbers.
  func read<Result>(_ body: (ChannelEpilogue) -> Result) -> Result {
    bias.read { bias in
      slopes.read { slopes in
        body(ChannelEpilogue(bias: bias, slopes: slopes, ceiling: ceiling))
      }
    }
  }

  /// Without the bias, or without all but the bias.
  var withoutBias: ChannelActivation { ChannelActivation(slopes: slopes, ceiling: ceiling) }
  var biasAlone: ChannelActivation { ChannelActivation(bias: bias) }

  /// Whether gradients can be carried back from results alone.
  var isReversible: Bool { keepsSigns }

  /// The results.
  func callAsFunction(_ x: Tensor) -> Tensor {
    let channels = x.shape.last ?? 1
    check(channels)
    return x.read { numbers in
      Tensor(shape: x.shape) { y in
        read {
          Compute.kernels.activate(
            numbers, rows: x.count / max(1, channels), channels: channels, $0, into: y)
        }
      }
    }
  }

  /// ∂L/∂sums of ∂L/∂results.
  ///
  /// - `y`: the results if ``isReversible``, or else the sums with their bias.
  func gradient(_ y: Tensor, _ dy: Tensor) -> Tensor {
    guard activates else { return dy }
    let channels = y.shape.last ?? 1
    return Tensor.read(y, dy) { y, numbers in
      Tensor(shape: dy.shape) { dx in
        slopes.read {
          Compute.kernels.activationGradient(
            y, numbers, rows: dy.count / max(1, channels), channels: channels, slopes: $0,
            ceiling: ceiling, into: dx)
        }
      }
    }
  }

  /// Kernels read as many numbers as there are channels.
  func check(_ channels: Int) {
    precondition(
      [bias, slopes].allSatisfy { $0.map { $0.count == channels } != false },
      "\(bias?.count ?? 0) biases and \(slopes?.count ?? 0) slopes for \(channels) channels")
  }
}

extension Variable {
  /// Each channel (the last axis) with its bias and through its activation.
  public func activated(_ activation: ChannelActivation) -> Variable {
    let y = activation(value)
    guard activation.isReversible else {
      let sums = activation.bias == nil ? value : activation.biasAlone(value)
      return Variable(y, parents: [self]) { dy, _ in [activation.gradient(sums, dy)] }
    }
    return Variable(y, parents: [self]) { dy, _ in [activation.gradient(y, dy)] }
  }
}
