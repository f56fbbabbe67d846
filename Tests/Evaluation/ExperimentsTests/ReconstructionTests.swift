import Embedders
import Experiments
import Foundation
import Images
import Metrics
import Reconstruction
import Reports
import TestSupport
import Testing

@Suite struct ReconstructionTests {
  static let faces = LabelledFaces.synthetic("people", people: 10, pictures: 4)

  @Test("trained networks rebuild better than untrained ones, in every measure") func order() throws
  {
    let embedder = FaceEmbedder.tiny()
    let report = try ReconstructionReport(
      [Self.faces],
      networks: [
        NamedNetworks("untrained", .tiny(embedder: embedder)),
        NamedNetworks("trained", .trained(steps: 200, embedder: embedder)),
      ], judges: [NamedEmbedder("f_c", embedder)], pictureLimit: 100, seed: 1)
    #expect(report.rows.map(\.model) == ["untrained", "trained"])
    let (before, after) = (report.rows[0], report.rows[1])
    #expect(after.people == 10 && after.pictures == 40)
    #expect(after.psnr > before.psnr + 1, "\(before.psnr) dB before, \(after.psnr) dB after")
    #expect(before.meanFacePSNR == after.meanFacePSNR && before.psnr < before.meanFacePSNR)
    #expect(after.ssim > before.ssim)
    #expect(after.psnrCI95[0] < after.psnr && after.psnr < after.psnrCI95[1])
    #expect(after.sharpnessCI95[0] <= after.sharpness && after.sharpness <= after.sharpnessCI95[1])
    #expect(after.gridIndex > 0 && after.gridPeriod <= 16 && after.gridPeriod > 2)
    #expect(after.attributeCosine > after.strangersAttributeCosine)
    let identity = after.identities[0]
    #expect(identity.genuineCosine > identity.impostorCosine)
    #expect(identity.cosine > before.identities[0].cosine)
    // The mean gap is 2 − 2cos, so both figures have to agree.
    #expect(abs(identity.ownGap - (2 - 2 * identity.cosine)) < 1e-9)
    #expect(identity.areaUnderCurveCI95[0] <= identity.areaUnderCurve)
    #expect(identity.areaUnderCurve <= identity.areaUnderCurveCI95[1])
    #expect(identity.ownHistogram.counts.reduce(0, +) == 40)
    let html = report.page(facts: []).html
    #expect(try WellFormed.elements(of: html)["figure"] == 2)
    #expect(report.charts.map(\.name) == ["gap-1-f_c", "gap-2-f_c"])
    #expect(try !JSONEncoder().encode(report).isEmpty)
  }

  @Test("a judge by files says what it says itself of the pictures that were written")
  func filedJudge() throws {
    let embedder = FaceEmbedder.tiny()
    var written: [String: [Float]] = [:]
    func report(
      _ readings: [EmbeddingReadings], write: ((String, RGBImage) throws -> Void)? = nil
    ) throws -> ReconstructionReport {
      try ReconstructionReport(
        [Self.faces], networks: [NamedNetworks("untrained", .tiny(embedder: embedder))],
        judges: [NamedEmbedder("f_c", embedder)], readings: readings, pictureLimit: 12, seed: 1,
        write: write)
    }
    _ = try report([]) { name, face in
      written[name] = LabelledEmbeddings([("", face)], embedder: embedder).rows[0]
    }
    #expect(written.count == 36 && written["1/x/00001"] != nil && written["1/own/00012"] != nil)
    let known = written
    let again = try report([EmbeddingReadings("outside") { known[$0] }]).rows[0].identities
    #expect(again.map(\.judge) == ["f_c", "outside"])
    #expect(again[0].cosine == again[1].cosine && again[0].swappedGap == again[1].swappedGap)
    #expect(again[0].areaUnderCurve == again[1].areaUnderCurve)
    #expect(
      throws: ExperimentError.noReading(judge: "outside", picture: "1/swapped/00002")
    ) {
      try report([EmbeddingReadings("outside") { $0 == "1/swapped/00002" ? nil : known[$0] }])
    }
  }

  @Test("one person is too few") func refusal() {
    let one = LabelledFaces.synthetic("one", people: 1, pictures: 4)
    #expect(
      throws: ExperimentError.tooFewPeople(group: "one", pictures: 2, found: 1, needed: 2)
    ) {
      try ReconstructionReport([one], networks: [], judges: [], pictureLimit: 10, seed: 1)
    }
  }
}
