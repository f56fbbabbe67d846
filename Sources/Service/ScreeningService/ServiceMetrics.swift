internal import HTTPServer
private import Locks
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
    var score = Histogram([0.001, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1])
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
      if let score = verdict.score { state.score.add(score) }
      if let distance = verdict.verification?.distance { state.distance.add(distance) }
    }
  }

  /// Counts lines of the log that could not be written.
  func countLostLogLine() { state.withLock { $0.lostLogLines += 1 } }

  /// The metrics; `gauges` are names with their help and value.
  func text(
    version: String, models: [Verdict.Model], gauges: [(name: String, help: String, value: Double)]
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
}
