/// What happens to sums while they are still in the cache, each channel by its own numbers.
///
/// In this order: the bias is added, what is below zero is multiplied by the slope, what is above the
/// ceiling becomes the ceiling.
public struct ChannelEpilogue {
  /// One number a channel, or none.
  public var bias: Source?
  /// The slope below zero, one a channel, any number; none for no activation.
  public var slopes: Source?
  /// The largest result; infinite for none.
  public var ceiling: Float

  /// Creates an epilogue; nothing happens if nothing is given.
  public init(bias: Source? = nil, slopes: Source? = nil, ceiling: Float = .infinity) {
    (self.bias, self.slopes, self.ceiling) = (bias, slopes, ceiling)
  }

  /// Whether sums are changed beyond the bias.
  @inlinable public var activates: Bool { slopes != nil || ceiling < .infinity }
}
