/// How a word becomes a value, and the form that a message expects of it.
public struct ValueReader<Value>: Sendable {
  /// The expected form, as it stands after "expected".
  public let expected: String
  /// Returns the value, or nil if the word is not of that form.
  public let read: @Sendable (String) -> Value?

  /// Creates a reader.
  public init(expected: String, read: @escaping @Sendable (String) -> Value?) {
    (self.expected, self.read) = (expected, read)
  }
}

extension ValueReader<String> {
  /// Any word.
  public static var text: Self { Self(expected: "a text") { $0 } }
}

extension ValueReader<Int> {
  /// A whole number in decimal digits.
  public static func integer(in range: ClosedRange<Int> = .min ... .max) -> Self {
    let bounds = words(
      range.lowerBound == .min ? nil : "\(range.lowerBound)",
      range.upperBound == .max ? nil : "\(range.upperBound)")
    return Self(expected: "a whole number\(bounds)") { text in
      Int(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }
}

extension ValueReader<UInt64> {
  /// A whole number from 0 to 2⁶⁴ − 1, such as a seed.
  public static var unsignedInteger: Self {
    Self(expected: "a whole number of at least 0") { UInt64($0) }
  }
}

extension ValueReader<Double> {
  /// A finite number.
  public static func number(
    in range: ClosedRange<Double> = -.infinity ... .infinity
  ) -> Self {
    Self(expected: "a number\(words(range))") { finite($0, in: range) }
  }
}

extension ValueReader<[Double]> {
  /// Finite numbers separated by commas, at least one.
  public static func numbers(
    in range: ClosedRange<Double> = -.infinity ... .infinity
  ) -> Self {
    Self(expected: "numbers\(words(range)) separated by commas") { text in
      let parts = text.split(separator: ",", omittingEmptySubsequences: false)
      let numbers = parts.compactMap { finite(String($0), in: range) }
      return numbers.count == parts.count ? numbers : nil
    }
  }
}

extension ValueReader where Value: CaseIterable & RawRepresentable<String> & Sendable {
  /// One of the raw values of an enumeration.
  public static var choice: Self {
    Self(expected: oneOf(Value.allCases.map(\.rawValue))) { Value(rawValue: $0) }
  }
}

extension ValueReader<Shard> {
  /// A part of the work, written `i/n`.
  public static var shard: Self {
    Self(expected: "i/n with 1 <= i <= n, for example 2/8") { Shard($0) }
  }
}

private func finite(_ text: String, in range: ClosedRange<Double>) -> Double? {
  guard let value = Double(text), value.isFinite, range.contains(value) else { return nil }
  return value
}

private func words(_ range: ClosedRange<Double>) -> String {
  func end(_ value: Double) -> String? {
    guard value.isFinite else { return nil }
    return Int(exactly: value).map(String.init) ?? "\(value)"
  }
  return words(end(range.lowerBound), end(range.upperBound))
}

private func words(_ low: String?, _ high: String?) -> String {
  switch (low, high) {
  case (nil, nil): ""
  case (let low?, nil): " of at least \(low)"
  case (nil, let high?): " of at most \(high)"
  case (let low?, let high?): " from \(low) to \(high)"
  }
}
