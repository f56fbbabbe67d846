private import Foundation

/// The names of operating points: `fmr-1e-2` is the rate 0.01.
public enum OperatingPointName {
  /// The rates that may be asked for.
  public static let rates = 1e-6...0.5

  /// The name of a rate.
  ///
  /// - `kind`: `fmr` or `bpcer`.
  public static func make(_ kind: String, _ rate: Double) -> String {
    let exponent = Int(floor(log10(rate) + 1e-9))
    let digits = rate / pow(10, Double(exponent))
    let rounded = (digits * 100).rounded() / 100
    let text = rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    return "\(kind)-\(text)e\(exponent)"
  }
}
