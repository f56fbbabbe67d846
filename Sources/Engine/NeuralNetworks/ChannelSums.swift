private import KernelSupport
private import Kernels
internal import Tensors

/// The sum of each channel over all pixels, and the sum of squares.
struct ChannelSums {
  private var numbers: [Double]
  let channels: Int

  init(channels: Int) {
    self.channels = channels
    numbers = [Double](repeating: 0, count: 2 * channels)
  }

  /// The sums of a tensor, over all axes but the last.
  init(of x: Tensor) {
    let channels = x.shape.last ?? 1
    self.init(channels: channels)
    gather { sums in
      x.read {
        Compute.kernels.channelSums(
          $0, rows: x.count / max(1, channels), channels: channels, into: sums)
      }
    }
  }

  /// Lets `body` write the sums, and then as many sums of squares.
  mutating func gather<Result>(_ body: (UnsafeMutablePointer<Double>) -> Result) -> Result {
    numbers.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("sums of no channels") }
      return body(base)
    }
  }

  /// Σ x.
  var sums: ArraySlice<Double> { numbers[..<channels] }
  /// Σ x², of channel `channel`.
  func squares(_ channel: Int) -> Double { numbers[channels + channel] }
}
