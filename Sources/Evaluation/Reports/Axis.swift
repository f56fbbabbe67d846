private import Glibc

/// One axis of a chart: what it measures, between which values, and how they are spread.
public struct Axis: Equatable, Sendable {
  /// How values are spread along the axis.
  public enum Scale: Sendable {
    /// Equal differences have equal lengths.
    case linear
    /// Equal factors have equal lengths; only positive values have a place.
    case logarithmic
  }

  /// What is measured, with its unit.
  public var title: String
  /// How values are spread.
  public var scale: Scale
  /// The values at both ends; those of the data if nil.
  public var range: ClosedRange<Double>?

  /// Creates an axis.
  ///
  /// - Precondition: the ends are finite, and positive on a logarithmic axis.
  public init(_ title: String, scale: Scale = .linear, range: ClosedRange<Double>? = nil) {
    if let range {
      precondition(
        range.lowerBound.isFinite && range.upperBound.isFinite
          && (scale == .linear || range.lowerBound > 0), "no \(scale) axis spans \(range)")
    }
    (self.title, self.scale, self.range) = (title, scale, range)
  }

  /// The axis with a range: its own, or the smallest that holds all values that have a place.
  func fitted(to values: some Sequence<Double>) -> FittedAxis {
    let usable = values.filter { $0.isFinite && (scale == .linear || $0 > 0) }
    var ends = range ?? (usable.min() ?? 1)...(usable.max() ?? 1)
    // A single value stands in the middle of some room.
    if ends.lowerBound == ends.upperBound {
      let value = ends.lowerBound
      let room = value == 0 ? 1 : abs(value) / 2
      ends = scale == .linear ? value - room...value + room : value / 2...value * 2
    }
    return FittedAxis(title: title, scale: scale, range: ends)
  }
}

/// An axis whose ends are known.
struct FittedAxis {
  let title: String
  let scale: Axis.Scale
  let range: ClosedRange<Double>

  /// Where a value lies: 0 at the lower end, 1 at the upper; nil if it has no place on the scale.
  ///
  /// Values beyond the ends lie outside 0…1. Never falls as the value grows.
  func position(of value: Double) -> Double? {
    guard value.isFinite else { return nil }
    switch scale {
    case .linear:
      return (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    case .logarithmic:
      guard value > 0 else { return nil }
      return log(value / range.lowerBound) / log(range.upperBound / range.lowerBound)
    }
  }

  /// Values to be marked, ascending, with their texts.
  var ticks: [(value: Double, label: String)] {
    scale == .linear ? linearTicks : logarithmicTicks
  }

  /// Multiples of 1, 2 or 5 times a power of ten, about five of them.
  private var linearTicks: [(value: Double, label: String)] {
    let span = range.upperBound - range.lowerBound
    let power = pow(10, floor(log10(span / 5)))
    let step = [1.0, 2, 5, 10].map { $0 * power }.first { span / $0 <= 6 } ?? 10 * power
    let decimals = max(0, Int(-floor(log10(step) + 1e-9)))
    let (first, last) = (
      (range.lowerBound / step - 1e-9).rounded(.up), (range.upperBound / step + 1e-9).rounded(.down)
    )
    guard span.isFinite, first <= last, last - first < 100 else { return [] }
    return stride(from: first, through: last, by: 1).map {
      ($0 * step, Self.label($0 * step, decimals: decimals))
    }
  }

  /// Powers of ten, and 2 and 5 times these where less than two lie within.
  private var logarithmicTicks: [(value: Double, label: String)] {
    let (low, high) = (
      Int(floor(log10(range.lowerBound) + 1e-9)), Int(ceil(log10(range.upperBound) - 1e-9))
    )
    let digits = high - low > 2 ? [1.0] : [1, 2, 5]
    let stride = max(1, (high - low + 7) / 8)
    let values = (low...max(low, high)).filter { ($0 - low) % stride == 0 }.flatMap { exponent in
      digits.map { $0 * pow(10, Double(exponent)) }
    }
    return values.filter {
      $0 >= range.lowerBound * (1 - 1e-9) && $0 <= range.upperBound * (1 + 1e-9)
    }.map { ($0, Self.label($0, decimals: max(0, Int(-floor(log10($0) + 1e-9))))) }
  }

  /// A number with so many decimals, or with an exponent where that would be long.
  static func label(_ value: Double, decimals: Int) -> String {
    guard value != 0 else { return "0" }
    let exponent = Int(floor(log10(abs(value)) + 1e-9))
    if exponent >= 6 || exponent < -4 {
      let digits = (value / pow(10, Double(exponent)) * 100).rounded() / 100
      return digits == digits.rounded() ? "\(Int(digits))e\(exponent)" : "\(digits)e\(exponent)"
    }
    let factor = pow(10, Double(decimals))
    let whole = Int((abs(value) * factor).rounded())
    let sign = value < 0 ? "−" : ""
    guard decimals > 0 else { return "\(sign)\(whole)" }
    let fraction = "\(whole % Int(factor))"
    return "\(sign)\(whole / Int(factor))."
      + String(repeating: "0", count: decimals - fraction.count) + fraction
  }
}
