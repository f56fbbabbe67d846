private import Foundation

/// A number with so many decimals.
func fixed(_ value: Double, _ decimals: Int) -> String {
  String(format: "%.\(decimals)f", value)
}

/// A fraction as percent with two decimals.
func percent(_ value: Double) -> String { fixed(100 * value, 2) + " %" }

/// A confidence interval of a fraction, in percent.
func interval(_ ends: [Double]) -> String {
  "[" + ends.map { percent($0) }.joined(separator: ", ") + "]"
}

/// A confidence interval of a number, with so many decimals.
func interval(_ ends: [Double], decimals: Int) -> String {
  "[" + ends.map { fixed($0, decimals) }.joined(separator: ", ") + "]"
}
