import Experiments
import Foundation
import Metrics
import ModelStore
import Reports
import TestSupport
import Testing

@Suite struct VerificationReportTests {
  /// 20 pairs in two folds: genuine at 0.1…1.0, impostor at 1.6…2.5.
  private func separable(points: [OperatingPoint] = []) throws -> VerificationReport {
    let distances = (1...20).map { Double($0 > 10 ? $0 + 5 : $0) / 10 }
    return try VerificationReport(
      "pairs of <test> & more", distances: distances, same: distances.map { $0 <= 1 },
      folds: (0..<20).map { $0 % 2 }, people: 7, points: points)
  }

  @Test("pairs that do not overlap are told apart without error") func perfect() throws {
    let report = try separable(points: [OperatingPoint(name: "fmr-1e-2", threshold: 0.55)])
    #expect(report.accuracy == 1 && report.standardError == 0)
    #expect(report.areaUnderCurve == 1 && report.equalErrorRate == 0)
    #expect(report.threshold > 1 && report.threshold < 1.6)
    #expect(report.genuineHistogram.counts.reduce(0, +) == 10)
    // Ten impostor pairs allow one false match at FMR 0.1 and none at 0.01.
    #expect(report.falseNonMatchRates.map(\.fmr) == [0.1])
    #expect(!report.falseNonMatchRates[0].isSupported)
    #expect(report.falseNonMatchRates[0].impostorPairsNeeded == 300)
    // Genuine pairs at 0.6 and above are missed at 0.55.
    #expect(report.operatingPoints[0].fnmr == 0.5 && report.operatingPoints[0].fmr == 0)
    #expect(report.text.contains("300 needed") && report.text.contains("of 7 people"))
  }

  @Test("the JSON holds all figures and comes back") func json() throws {
    let report = try separable()
    let data = try JSONEncoder().encode(report)
    let back = try JSONDecoder().decode(VerificationReport.self, from: data)
    #expect(back.accuracy == report.accuracy && back.genuineHistogram == report.genuineHistogram)
    #expect(back.curve.isEmpty && !report.curve.isEmpty)
  }

  @Test("the page is well-formed, whole, and asks for nothing from outside") func page() throws {
    let report = try separable(points: [OperatingPoint(name: "fmr-1e-2", threshold: 0.55)])
    let html = report.page(facts: [("command", "a < b & c")]).html
    let counts = try WellFormed.elements(of: html)
    // Pairs that are told apart without error have no DET: its rates are zero somewhere everywhere.
    #expect(counts["figure"] == 3 && counts["polyline"] == 1 && counts["polygon"] == 2)
    for outside in ["src=", "href=", "url(", "<img", "<script"] { #expect(!html.contains(outside)) }
    for mark in ["θ 0.4", "θ 0.6", "θ 0.8", "θ 1.0", "threshold 1."] {
      #expect(html.contains(mark), "\(mark)")
    }
  }

  @Test("distances that are no numbers are refused") func notFinite() {
    #expect(throws: (any Error).self) {
      try VerificationReport(
        "x", distances: [0.1, .nan, 1, 2], same: [true, true, false, false], folds: [0, 1, 0, 1])
    }
  }
}

@Suite struct VerificationPointsTests {
  /// People on a circle, each with pictures at slightly different angles.
  static func circle(people: Int, pictures: Int) -> LabelledEmbeddings {
    var (names, rows): ([String], [[Float]]) = ([], [])
    for person in 0..<people {
      for picture in 0..<pictures {
        let angle = 2 * Double.pi * Double(person) / Double(people) + 0.001 * Double(picture)
        names.append("p\(person)")
        rows.append([Float(cos(angle)), Float(sin(angle))])
      }
    }
    return LabelledEmbeddings(people: names, rows: rows)
  }

  @Test("rates that the pairs support get a threshold, the others the number needed")
  func refusals() throws {
    // 20 people with 4 pictures: 80·79/2 − 20·6 = 3040 impostor pairs, enough for 0.01.
    let measured = try VerificationPoints(
      Self.circle(people: 20, pictures: 4), source: "a circle")
    #expect(measured.points.map(\.name) == ["fmr-1e-1", "fmr-1e-2"])
    #expect(measured.refusals.count == 2)
    #expect(measured.refusals[0].contains("3040") && measured.refusals[0].contains("30000"))
    #expect(measured.refusals[1].contains("300000"))
    #expect(measured.points[0].count == 3040)
    #expect(measured.points[0].threshold > measured.points[1].threshold)
    #expect(measured.points[0].source?.contains("20 people") == true)
  }
}
