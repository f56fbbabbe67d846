import Experiments
import Foundation
import ModelStore
import Reports
import SeededRandom
import TestSupport
import Testing

@Suite struct GroupedVerificationTests {
  static let text = """
    picture,sex,origin
    ada/1,female,north
    ada/2,female,north

    utk/7,male,
    8,male,south
    """

  @Test(
    "a table is read, with a byte order mark and carriage returns, too", arguments: [false, true])
  func table(fromSpreadsheet: Bool) throws {
    let text =
      fromSpreadsheet
      ? "\u{FEFF}" + Self.text.replacingOccurrences(of: "\n", with: "\r\n") + "\r\n" : Self.text
    let table = try GroupTable(text: text, file: "t")
    #expect(table.columns == ["sex", "origin"])
    let pictures = ["ada/1.png", "ada/3.png", "unlabelled/utk/7.jpg", "ben/8.webp"]
    #expect(try table.groups(of: pictures, by: ["sex"]) == ["female", nil, "male", "male"])
    #expect(
      try table.groups(of: pictures, by: ["sex", "origin"])
        == ["female, north", nil, nil, "male, south"])
    #expect(throws: GroupTableError.noColumn(file: "t", asked: "age", found: ["sex", "origin"])) {
      try table.groups(of: pictures, by: ["age"])
    }
  }

  @Test("what is no table is refused") func refused() {
    func error(_ text: String) -> GroupTableError? {
      do throws(GroupTableError) {
        _ = try GroupTable(text: text, file: "t")
        return nil
      } catch { return error }
    }
    #expect(error("") == .wrongHeader(file: "t", found: ""))
    #expect(error("picture") == .wrongHeader(file: "t", found: "picture"))
    #expect(error("image,sex") == .wrongHeader(file: "t", found: "image,sex"))
    #expect(error("picture,a,a") == .wrongHeader(file: "t", found: "picture,a,a"))
    #expect(
      error("picture,a\nx,1,2") == .wrongFieldCount(file: "t", line: 2, expected: 2, found: 3))
    #expect(error("picture,a\nx,1\nx,2") == .duplicate(file: "t", line: 3, picture: "x"))
    #expect(throws: GroupTableError.self) { try GroupTable(path: "/nonexistent/groups.csv") }
  }

  /// Forty strangers in two groups: those of `alike` lie nearer to each other.
  static func strangers() -> (LabelledEmbeddings, groups: [String?], names: [String]) {
    var random = SplitMix64(seed: 1)
    let rows = (0..<40).map { person -> [Float] in
      let pull: Float = person < 20 ? 1.2 : 0
      let row = (0..<8).map { (pull * ($0 == 0 ? 1 : 0)) + random.normal() * 0.6 }
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return row.map { $0 / length }
    }
    let names = (0..<40).map { "p\($0)/1.png" }
    return (
      LabelledEmbeddings(people: names, rows: rows), (0..<40).map { $0 < 20 ? "alike" : "others" },
      names
    )
  }

  @Test("the mean over groups counts each the same, and is kept as near as it can be")
  func threshold() throws {
    let (embeddings, groups, _) = Self.strangers()
    let distances = try GroupedDistances(embeddings, groups: groups, columns: "kind")
    #expect(distances.names == ["alike", "others"])
    #expect(distances.within.map(\.count) == [190, 190])
    #expect(distances.between[1][0].count == 400)
    for rate in [0.02, 0.1, 0.5, 1] {
      let threshold = distances.threshold(meanRate: rate)
      func mean(_ threshold: Double) -> Double {
        distances.within.reduce(0) { sum, own in
          sum + Double(own.filter { $0 < threshold }.count) / Double(own.count)
        } / 2
      }
      #expect(mean(threshold) <= rate)
      // A little higher would be too much.
      let next = distances.within.joined().filter { $0 > threshold }.min()
      if let next { #expect(mean(next.nextUp) > rate) }
    }
  }

  @Test("rates within and between groups, and what they are to the promise") func report() throws {
    let (embeddings, groups, names) = Self.strangers()
    let table = try GroupTable(
      text: "picture,kind\n"
        + zip(names, groups).map { "\($0.dropLast(4)),\($1 ?? "")" }.joined(separator: "\n"),
      file: "t")
    let report = try GroupedVerificationReport(
      "forty", embeddings, pictures: names, table: table, by: [["kind"]],
      points: [OperatingPoint(name: "fmr-1e-2", threshold: 1.0, fmr: 0.01)])
    let grouping = try #require(report.groupings.first)
    #expect(grouping.groups.map(\.strangers) == [190, 190])
    let point = try #require(grouping.thresholds.first)
    func share(_ a: Range<Int>, _ b: Range<Int>) -> Double {
      var (close, all) = (0, 0)
      for i in a {
        for j in b where a == b ? j < i : true {
          all += 1
          if embeddings.distance(i, j) < 1 { close += 1 }
        }
      }
      return Double(close) / Double(all)
    }
    #expect(point.rates.map(\.fmr) == [share(0..<20, 0..<20), share(20..<40, 20..<40)])
    #expect(
      point.between == [
        [share(0..<20, 0..<20)], [share(20..<40, 0..<20), share(20..<40, 20..<40)],
      ])
    #expect(point.worstGroup == "alike")
    #expect(abs(point.worstRatio - point.rates[0].fmr / 0.01) < 1e-9)
    #expect(point.rates[0].fnmr == nil)
    #expect(grouping.thresholds.map(\.name) == ["fmr-1e-2", "group-fmr-1e-2", "group-fmr-1e-3"])
    #expect(report.text.contains("worst alike"))
    // A cell for each two groups on white ground.
    for (_, svg) in report.charts { #expect(try WellFormed.elements(of: svg)["rect"] == 4) }
    #expect(try WellFormed.elements(of: report.page(facts: []).html)["figure"] == 3)
  }

  @Test("one group is none") func tooFew() {
    let (embeddings, _, _) = Self.strangers()
    #expect(throws: GroupedVerificationError.tooFewGroups(columns: "kind", found: 1)) {
      try GroupedDistances(
        embeddings, groups: (0..<40).map { $0 < 39 ? "a" : "b" }, columns: "kind")
    }
  }
}
