import Experiments
import Testing

@Suite struct IdentificationTests {
  /// People at the corners of a space: person k is the unit vector along axis k.
  static func axis(_ person: Int, tilt: Float = 0, towards other: Int = 0) -> [Float] {
    var row = [Float](repeating: 0, count: 6)
    row[person] = 1
    if person != other { row[other] += tilt }
    return row
  }

  static let gallery = LabelledEmbeddings(
    people: (0..<6).map { "p\($0)" }, rows: (0..<6).map { axis($0) })

  @Test("probes near their person are found, others have their place") func ranks() throws {
    let probes = LabelledEmbeddings(
      people: ["p0", "p1", "p2"],
      rows: [Self.axis(0), Self.axis(1, tilt: 2, towards: 3), Self.axis(2, tilt: 0.4, towards: 5)])
    let report = try IdentificationReport(gallery: Self.gallery, probes: probes)
    // The second probe leans towards p3, so its own person comes second.
    #expect(report.ranks == [1, 2, 1])
    #expect(report.probes == 3 && report.galleryPeople == 6)
    #expect(abs(report.top1 - 2.0 / 3) < 1e-12 && report.top5 == 1)
    #expect(report.top1CI95[0] < report.top1 && report.top1 < report.top1CI95[1])
  }

  @Test("people at the same distance count as nearer") func ties() throws {
    let probes = LabelledEmbeddings(people: ["p4"], rows: [[0, 0, 0, 0, 0, 0]])
    #expect(try IdentificationReport(gallery: Self.gallery, probes: probes).ranks == [6])
  }

  @Test("a person is as near as their nearest picture") func nearestPicture() throws {
    let gallery = LabelledEmbeddings(
      people: ["a", "a", "b"], rows: [[1, 0], [0, 1], [0.9, 0.1]])
    let probes = LabelledEmbeddings(people: ["a"], rows: [[0, 1]])
    #expect(try IdentificationReport(gallery: gallery, probes: probes).ranks == [1])
  }

  @Test("probes of strangers are left out and counted") func strangers() throws {
    let probes = LabelledEmbeddings(people: ["p0", "x"], rows: [Self.axis(0), Self.axis(1)])
    let report = try IdentificationReport(gallery: Self.gallery, probes: probes)
    #expect(report.probes == 1 && report.probesOutsideGallery == 1)
    #expect(report.text.contains("1 probes of others"))
  }

  @Test("what cannot be measured is refused by name") func refusals() {
    let one = LabelledEmbeddings(people: ["p0"], rows: [Self.axis(0)])
    #expect(throws: IdentificationError.tooFewPeople(found: 1)) {
      try IdentificationReport(gallery: one, probes: one)
    }
    #expect(throws: IdentificationError.noProbes(found: 1)) {
      try IdentificationReport(
        gallery: Self.gallery, probes: LabelledEmbeddings(people: ["x"], rows: [Self.axis(0)]))
    }
    #expect(throws: IdentificationError.noProbes(found: 0)) {
      try IdentificationReport(
        gallery: Self.gallery, probes: LabelledEmbeddings(people: [], rows: []))
    }
    #expect(throws: IdentificationError.otherLength(gallery: 6, probes: 2)) {
      try IdentificationReport(
        gallery: Self.gallery, probes: LabelledEmbeddings(people: ["p0"], rows: [[1, 0]]))
    }
    #expect(throws: IdentificationError.notFinite(person: "p0")) {
      try IdentificationReport(
        gallery: Self.gallery,
        probes: LabelledEmbeddings(people: ["p0"], rows: [[.nan, 0, 0, 0, 0, 0]]))
    }
  }

  @Test("a set is parted by the seed into gallery and probes without common pictures")
  func split() {
    let all = LabelledEmbeddings(
      people: ["a", "a", "a", "b", "b", "c"], rows: (0..<6).map { [Float($0)] })
    let (gallery, probes) = all.galleryAndProbes(seed: 2)
    #expect(Set(gallery.people) == ["a", "b", "c"] && gallery.rows.count == 3)
    #expect(probes.people.sorted() == ["a", "a", "b"])
    #expect(Set(gallery.rows + probes.rows).count == 6)
    #expect(all.galleryAndProbes(seed: 2).gallery.rows == gallery.rows)
    #expect((3...12).contains { all.galleryAndProbes(seed: $0).gallery.rows != gallery.rows })
  }
}
