import Embedders
import Experiments
import Foundation
import Reconstruction
import Reports
import TestSupport
import Testing

@Suite struct ControlledTests {
  @Test("pixels tell what was drawn, on people not learnt from and along a morph") func report()
    throws
  {
    let embedder = FaceEmbedder.tiny()
    let report = try ControlledReport(
      networks: NamedNetworks("ip_gan", .tiny(embedder: embedder)),
      embedder: NamedEmbedder("f_c", embedder), people: 8, pictures: 8, seed: 3, side: 16)
    #expect(report.rows.count == 16 && report.rows[0].attribute == "plain")
    for row in report.rows {
      #expect(row.genuine < row.impostor, "\(row)")
      #expect((0...1).contains(row.generatedTop1))
    }
    // Noise is all that parts a plain picture from the gallery's.
    #expect(report.rows[0].top1 == 1 && report.rows[0].areaUnderCurve > 0.99)
    #expect(report.rows.allSatisfy { $0.genuine >= report.rows[0].genuine })

    let probes = Dictionary(uniqueKeysWithValues: report.probes.map { ($0.name, $0) })
    for name in ["yaw", "light azimuth"] {
      #expect(try #require(probes[name]).pixels > 0.5, "\(name)")
    }
    #expect(try #require(probes["person"]).pixels > 2 / 8)

    #expect(report.morphs.count == 5)
    let yaw = try #require(report.morphs.first { $0.attribute == "yaw" })
    #expect(yaw.drawn.count == 9 && yaw.generated.count == 9)
    #expect(yaw.drawn[8] - yaw.drawn[0] > 30, "\(yaw.drawn)")
    let html = report.page(facts: []).html
    #expect(try WellFormed.elements(of: html)["figure"] == 5)
    #expect(try !JSONEncoder().encode(report).isEmpty)
  }

  @Test("the same people give the same figures") func repeatable() throws {
    let embedder = FaceEmbedder.tiny()
    func text() throws -> String {
      try ControlledReport(
        networks: NamedNetworks("ip_gan", .tiny(embedder: embedder)),
        embedder: NamedEmbedder("f_c", embedder), people: 4, pictures: 2, seed: 1, side: 16
      ).text
    }
    #expect(try text() == text())
  }
}
