import ModelStore
import SeededRandom
import Testing

@testable import Experiments

@Suite struct TemplateReportTests {
  /// People are directions of a plane with noise around.
  private static func embeddings(people: Int, pictures: Int) -> LabelledEmbeddings {
    var random = SplitMix64(seed: 3)
    var (names, rows): ([String], [[Float]]) = ([], [])
    for person in 0..<people {
      let own = (0..<16).map { _ in random.normal() }
      for _ in 0..<pictures {
        let row = own.map { $0 + 0.8 * random.normal() }
        let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
        names.append("p\(person)")
        rows.append(row.map { $0 / length })
      }
    }
    return LabelledEmbeddings(people: names, rows: rows)
  }

  @Test("rules agree on one picture, and more pictures refuse fewer people")
  func rules() throws {
    let report = try TemplateReport(
      "drawn", Self.embeddings(people: 60, pictures: 12), counts: [1, 5],
      points: [OperatingPoint(name: "p", threshold: 1)], impostors: 40_000)
    let (one, five) = (report.rows.prefix(3), report.rows.suffix(3))
    #expect(Set(one.map(\.fnmrAt1e2)).count == 1 && one.allSatisfy { $0.pictures == 1 })
    #expect(report.rows.allSatisfy { $0.genuine == 420 && $0.impostor == 420 * 59 })
    for (single, several) in zip(one, five) {
      #expect((several.fnmrAt1e2 ?? 1) < (single.fnmrAt1e2 ?? 0), "\(several.rule)")
    }
    // The nearest of five lets more strangers in at the threshold of one, the mean fewer.
    #expect(five[3].points[0].fmr > one[0].points[0].fmr)
    #expect(five[4].points[0].fmr < one[1].points[0].fmr)
    #expect(report.text.contains("| mean |"))
    // Too few for a rate of 0.1 %.
    #expect(report.rows.allSatisfy { $0.fnmrAt1e3 == nil })
  }

  @Test("distances of each rule are what they say") func distances() {
    let enrolled: [[Float]] = [[1, 0], [0, 1]]
    #expect(TemplateRule.nearest.distance([1, 0], enrolled) == 0)
    #expect(TemplateRule.mean.distance([1, 0], enrolled) == 1)
    #expect(
      abs(TemplateRule.centre.distance([1, 0], enrolled) - (2 - 2 * 0.5.squareRoot())) < 1e-6)
  }
}
