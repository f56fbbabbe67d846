/// How a word becomes a value and back, and the form that a message expects of it.
public struct ValueReader<Value>: Sendable {
  /// The expected form, as it stands after "expected".
  public let expected: String
  /// Returns the value, or nil if the word is not of that form.
  public let read: @Sendable (String) -> Value?
  /// Returns the word that ``read`` makes the value of.
  public let word: @Sendable (Value) -> String

  /// Creates a reader.
  public init(
    expected: String, read: @escaping @Sendable (String) -> Value?,
    word: @escaping @Sendable (Value) -> String = { "\($0)" }
  ) {
    (self.expected, self.read, self.word) = (expected, read, word)
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
    Self(expected: "a number\(words(range))") {
      finite($0, in: range)
    } word: {
      plain("\($0)")
    }
  }
}

extension ValueReader<Float> {
  /// A finite number, of single precision once it is read.
  public static func float(in range: ClosedRange<Double>) -> Self {
    Self(expected: "a number\(words(range))") {
      finite($0, in: range).map { Float($0) }
    } word: {
      plain("\($0)")
    }
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
    } word: {
      $0.map { plain("\($0)") }.joined(separator: ",")
    }
  }
}

extension ValueReader<[Int]> {
  /// Whole numbers separated by commas, at least one.
  public static func wholeNumbers(in range: ClosedRange<Int>) -> Self {
    let bounds = "from \(range.lowerBound) to \(range.upperBound)"
    return Self(expected: "whole numbers \(bounds) separated by commas") { text in
      let parts = text.split(separator: ",", omittingEmptySubsequences: false)
      let numbers = parts.compactMap { Int($0) }.filter(range.contains)
      return numbers.count == parts.count ? numbers : nil
    } word: {
      $0.map(String.init).joined(separator: ",")
    }
  }
}

extension ValueReader where Value: CaseIterable & RawRepresentable<String> & Sendable {
  /// One of the raw values of an enumeration.
  public static var choice: Self {
    Self(expected: oneOf(Value.allCases.map(\.rawValue))) {
      Value(rawValue: $0)
    } word: {
      $0.rawValue
    }
  }
}

extension ValueReader<Shard> {
  /// A part of the work, written `i/n`.
  public static var shard: Self {
    Self(expected: "i/n with 1 <= i <= n, for example 2/8") {
      Shard($0)
    } word: {
      "\($0.number)/\($0.count)"
    }
  }
}

/// A number's shortest form: `24` for `24.0`.
private func plain(_ number: String) -> String {
  number.hasSuffix(".0") ? String(number.dropLast(2)) : number
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
