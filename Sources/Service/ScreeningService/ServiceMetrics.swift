internal import HTTPServer
private import Foundation
private import Locks
internal import ModelStore
internal import PictureQuality
internal import Screening

/// What the service counts, as Prometheus reads it (text format 0.0.4).
final class ServiceMetrics: Sendable {
  /// A histogram with fixed upper bounds.
  private struct Histogram: Sendable {
    let bounds: [Double]
    var counts: [Int]
    var sum = 0.0
    var count = 0

    init(_ bounds: [Double]) { (self.bounds, counts) = (bounds, bounds.map { _ in 0 }) }

    mutating func add(_ value: Double) {
      if let bucket = bounds.firstIndex(where: { value <= $0 }) { counts[bucket] += 1 }
      (sum, count) = (sum + value, count + 1)
    }

    /// The population stability index against the shares of a calibration: Σ (p − q) ln(p/q) over the
    /// buckets; .1 is a shift worth a look, .25 a large one.
    func stability(against known: SiteCalibration.Shares) -> Double? {
      guard count > 0, known.bounds == bounds else { return nil }
      var (sum, below) = (0.0, 0.0)
      for (place, share) in known.shares.enumerated() {
        // Buckets that were empty must not make it infinite.
        let expected = max(share - below, 1e-3)
        let found = max(Double(counts[place]) / Double(count), 1e-3)
        sum += (found - expected) * log(found / expected)
        below = share
      }
      return sum
    }

    func lines(_ name: String, _ labels: String = "") -> [String] {
      var total = 0
      let prefix = labels.isEmpty ? "" : labels + ","
      var lines = zip(bounds, counts).map { bound, count in
        total += count
        return "\(name)_bucket{\(prefix)le=\"\(bound)\"} \(total)"
      }
      lines.append("\(name)_bucket{\(prefix)le=\"+Inf\"} \(count)")
      let braces = labels.isEmpty ? "" : "{\(labels)}"
      return lines + ["\(name)_sum\(braces) \(sum)", "\(name)_count\(braces) \(count)"]
    }
  }

  private struct State: Sendable {
    var requests: [String: Int] = [:]
    var verdicts: [String: Int] = [:]
    var durations: [String: Histogram] = [:]
    var score = Histogram(SiteCalibration.scoreBounds)
    var quality = Histogram(SiteCalibration.qualityBounds)
    var aboveThreshold = 0
    var distance = Histogram((1...16).map { Double($0) / 4 })
    var lostLogLines = 0
  }
  private let state = Guarded(State())

  /// Counts a request that has ended.
  func count(_ record: HTTPRecord) {
    // Unknown paths share a label: a client must not be able to make new ones.
    let route = ServiceRoute(rawValue: record.head.path)?.rawValue ?? "other"
    let status = record.status.map(String.init) ?? "none"
    state.withLock { state in
      state.requests["route=\"\(route)\",status=\"\(status)\"", default: 0] += 1
      state.durations[
        "route=\"\(route)\"",
        default: Histogram([0.005, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10])
      ].add(record.seconds)
    }
  }

  /// Counts a verdict.
  func count(_ verdict: Verdict) {
    let labels =
      "decision=\"\(verdict.decision.rawValue)\",verdict=\"\(verdict.verdict.rawValue)\""
    state.withLock { state in
      state.verdicts[labels, default: 0] += 1
      if let score = verdict.score {
        state.score.add(score)
        if verdict.verdict == .adversarial { state.aboveThreshold += 1 }
      }
      for quality in [verdict.probe, verdict.reference].compactMap({ $0?.quality }) {
        state.quality.add(quality.score)
      }
      if let distance = verdict.verification?.distance { state.distance.add(distance) }
    }
  }

  /// Counts lines of the log that could not be written.
  func countLostLogLine() { state.withLock { $0.lostLogLines += 1 } }

  /// The metrics; `gauges` are names with their help and value.
  func text(
    version: String, models: [Verdict.Model], calibration: SiteCalibration?,
    gauges: [(name: String, help: String, value: Double)]
  ) -> String {
    let state = state.withLock { $0 }
    var lines: [String] = []
    func family(_ name: String, _ kind: String, _ help: String, _ samples: [String]) {
      lines += ["# HELP \(name) \(help)", "# TYPE \(name) \(kind)"] + samples
    }
    func counter(_ name: String, _ help: String, _ values: [String: Int]) {
      family(
        name, "counter", help,
        values.sorted { $0.key < $1.key }.map { "\(name){\($0.key)} \($0.value)" })
    }
    counter("facewarden_requests_total", "Requests by path and status.", state.requests)
    counter("facewarden_verdicts_total", "Verdicts on pairs.", state.verdicts)
    family(
      "facewarden_request_duration_seconds", "histogram",
      "From the end of the head to the answer's.",
      state.durations.sorted { $0.key < $1.key }.flatMap {
        $0.value.lines("facewarden_request_duration_seconds", $0.key)
      })
    family(
      "facewarden_score", "histogram", "Probability of tampering of verdicts.",
      state.score.lines("facewarden_score"))
    family(
      "facewarden_distance", "histogram", "Squared distance of verdicts.",
      state.distance.lines("facewarden_distance"))
    family(
      "facewarden_lost_log_lines_total", "counter", "Lines of the log that were not written.",
      ["facewarden_lost_log_lines_total \(state.lostLogLines)"])
    family(
      "facewarden_quality", "histogram", "Quality of the pictures of verdicts, 0 to 100.",
      state.quality.lines("facewarden_quality"))
    family(
      "facewarden_above_threshold_total", "counter",
      "Verdicts whose score is above the threshold: called tampered with.",
      ["facewarden_above_threshold_total \(state.aboveThreshold)"])
    if let calibration { drift(calibration, state).forEach { family($0, $1, $2, $3) } }
    for gauge in gauges {
      family(gauge.name, "gauge", gauge.help, ["\(gauge.name) \(gauge.value)"])
    }
    family(
      "facewarden_build_info", "gauge", "The program's version.",
      ["facewarden_build_info{version=\"\(version)\"} 1"])
    family(
      "facewarden_model_info", "gauge", "The models that decide.",
      models.map { "facewarden_model_info{name=\"\($0.name)\",sha256=\"\($0.sha256)\"} 1" })
    return lines.joined(separator: "\n") + "\n"
  }

  /// What the site's calibration expects, and how far the service has moved from it.
  private func drift(
    _ calibration: SiteCalibration, _ state: State
  ) -> [(name: String, kind: String, help: String, samples: [String])] {
    func shares(_ name: String, _ known: SiteCalibration.Shares) -> [String] {
      zip(known.bounds, known.shares).map { "\(name){le=\"\($0)\"} \($1)" }
    }
    var families: [(name: String, kind: String, help: String, samples: [String])] = [
      (
        "facewarden_calibration_above_threshold_share", "gauge",
        "Share of the calibration's pairs above the threshold.",
        ["facewarden_calibration_above_threshold_share \(calibration.pair.bpcer ?? 0)"]
      ),
      (
        "facewarden_calibration_score_share", "gauge",
        "Share of the calibration's pairs with at most this score.",
        shares("facewarden_calibration_score_share", calibration.scores)
      ),
    ]
    if let drift = state.score.stability(against: calibration.scores) {
      families.append(
        (
          "facewarden_score_drift", "gauge",
          "Population stability index of scores against the calibration's.",
          ["facewarden_score_drift \(drift)"]
        ))
    }
    guard let qualities = calibration.qualities else { return families }
    families.append(
      (
        "facewarden_calibration_quality_share", "gauge",
        "Share of the calibration's pictures with at most this quality.",
        shares("facewarden_calibration_quality_share", qualities)
      ))
    if let drift = state.quality.stability(against: qualities) {
      families.append(
        (
          "facewarden_quality_drift", "gauge",
          "Population stability index of qualities against the calibration's.",
          ["facewarden_quality_drift \(drift)"]
        ))
    }
    return families
  }
}
