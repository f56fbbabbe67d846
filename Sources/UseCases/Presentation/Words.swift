private import Foundation
private import JSON
public import Screening
public import UseCases

extension Verdict {
  /// The verdict in words, lines for people.
  public var words: String {
    // A name in the reason must not make a line of its own.
    var lines = ["\(decision.rawValue.uppercased()): \(reason.asOneLine)"]
    if let name = identification?.name { lines.append(name.asOneLine) }
    if let verification {
      let point = verification.operatingPoint.map { " (\($0))" } ?? ""
      let rate = verification.fmr.map { ", false match rate \($0)" } ?? ""
      let parts = (verification.networks ?? [:]).sorted { $0.key < $1.key }
        .map { "\($0.key) " + String(format: "%.3f", $0.value) }.joined(separator: ", ")
      lines.append(
        String(
          format: "distance² %.3f%@, threshold %.3f", verification.distance,
          parts.isEmpty ? "" : " (\(parts))", verification.threshold)
          + "\(point)\(rate): \(verification.match ? "match" : "no match")")
    }
    if let score, let threshold {
      lines.append(
        String(format: "tampering %.3f, threshold %.3f", score, threshold)
          + ": \(verdict.rawValue.replacingOccurrences(of: "_", with: " "))")
    }
    return lines.joined(separator: "\n")
  }
}

extension PictureVerdict {
  /// The verdict in words, lines for people.
  public var words: String {
    let name = verdict.rawValue.replacingOccurrences(of: "_", with: " ").uppercased()
    // A name in the reason must not make a line of its own.
    var lines = ["\(name): \(reason.asOneLine)"]
    if let score, let threshold {
      lines.append(String(format: "tampering %.3f, threshold %.3f", score, threshold))
    }
    return lines.joined(separator: "\n")
  }
}
