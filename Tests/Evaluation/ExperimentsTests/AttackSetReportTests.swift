import AttackSets
import Attacks
import Embedders
import Experiments
import Foundation
import TestSupport
import Testing

@Suite struct AttackSetReportTests {
  @Test("the summary counts the set, and the charts are well-formed") func summary() throws {
    try withTemporaryFolder { folder in
      let attacks = [
        NamedAttack("deepfool", "", DeepFoolAttack()),
        NamedAttack("gamma", "", BenignChange.gamma(0.9), needs: .control),
      ]
      let writer = try AttackSetWriter(
        folder: folder,
        settings: AttackSetSettings(attacks: attacks, thetas: [0.005, 3.9], embedder: "none"),
        attacks: attacks, victim: DecidingEmbedders(.tiny()))
      try writer.write(
        (0..<6).map { AttackPair(id: "p\($0)", source: "\($0)", target: "\($0 + 30)") },
        picture: { SyntheticPeople.picture(person: Int($0) ?? 0, variant: 0, side: 16) },
        progress: { _, _ in })
      let set = try AttackSet(folder: folder)
      let report = AttackSetReport(set)
      try report.write(to: folder)

      let row = try #require(report.rows.first)
      #expect(row.attack == "deepfool" && row.theta == 0.005 && row.succeeded > 0)
      let found = set.entries.filter { $0.attack == "deepfool" && $0.success }
      #expect(row.succeeded == found.count)
      #expect(row.medianRMS == found.map(\.rms).sorted()[found.count / 2])
      // At 3.9 every pair matches before.
      #expect(report.rows[1].alreadyBelow == 6 && report.rows[1].attacked == 0)
      #expect(report.rows[2].succeeded == 0 && report.rows[2].medianRMS == nil)
      #expect(report.text.split(separator: "\n").count == 4)

      let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/summary.json"))
      #expect(try JSONDecoder().decode([AttackSet.Summary].self, from: data).count == 4)
      for name in ["deepfool", "gamma"] {
        let svg = try String(contentsOfFile: "\(folder)/distortion-\(name).svg", encoding: .utf8)
        #expect(try WellFormed.elements(of: svg)["svg"] == 2)
      }
    }
  }
}
