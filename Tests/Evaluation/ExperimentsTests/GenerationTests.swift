import Embedders
import Experiments
import Foundation
import Images
import Reconstruction
import Reports
import TestSupport
import Testing

@Suite struct GenerationDrawTests {
  /// 7 people with 1 to 7 pictures.
  static let faces = LabelledFaces(
    "seven people", people: (1...7).flatMap { Array(repeating: "p\($0)", count: $0) }
  ) { _ in [] }

  @Test("every person has one gallery picture, queries are others, attributes somebody else's")
  func draw() throws {
    let draw = try GenerationDraw(Self.faces, peopleLimit: 100, queriesPerPerson: 4, seed: 3)
    let people = Self.faces.people
    #expect(draw.gallery.map { people[$0] } == (2...7).map { "p\($0)" })
    // 1, 2, 3, 4, 4 and 4 queries of people with 2 to 7 pictures.
    #expect(draw.queries.count == 18 && draw.attributes.count == 18)
    #expect(Set(draw.gallery + draw.queries).count == 24)
    for (query, attribute) in zip(draw.queries, draw.attributes) {
      #expect(people[query] != people[attribute])
    }
    #expect(Set(draw.attributes).isDisjoint(with: draw.gallery))
  }

  @Test("the same seed draws the same, another one other pictures, a limit fewer people")
  func seeds() throws {
    func draw(_ seed: UInt64, limit: Int = 100) throws -> GenerationDraw {
      try GenerationDraw(Self.faces, peopleLimit: limit, seed: seed)
    }
    #expect(try draw(1) == draw(1))
    #expect(try draw(1) != draw(2))
    #expect(try draw(1, limit: 3).gallery.count == 3)
  }

  @Test("people with one picture each are refused with the number needed") func refusal() {
    let single = LabelledFaces("strangers", people: ["a", "b", "c"]) { _ in [] }
    #expect(
      throws: ExperimentError.tooFewPeople(
        group: "strangers", pictures: 2, found: 0, needed: 2)
    ) { try GenerationDraw(single, peopleLimit: 10, seed: 1) }
    #expect(
      throws: ExperimentError.tooFewPeople(
        group: "strangers", pictures: 4, found: 0, needed: 2)
    ) { try single.sample(limit: 10, minimum: 4, seed: 1) }
  }

  @Test("a sample holds whole people and no more pictures than allowed") func sample() throws {
    let sample = try Self.faces.sample(limit: 12, minimum: 3, seed: 2)
    #expect(sample.count <= 12 && Set(sample.people).count >= 2)
    for person in Set(sample.people) {
      #expect("p\(sample.people.count { $0 == person })" == person)
    }
  }
}

@Suite struct GenerationReportTests {
  /// Ten people, four pictures each, 16×16.
  static let faces = LabelledFaces.synthetic("people", people: 10, pictures: 4)

  @Test("real pictures come first, models follow with their ratio, for each judge") func rows()
    throws
  {
    let embedder = FaceEmbedder.tiny()
    let networks = [
      NamedNetworks("one", .tiny(embedder: embedder)),
      NamedNetworks("two", .tiny(seed: 9, embedder: embedder)),
    ]
    let judges = [NamedEmbedder("f_c", embedder), NamedEmbedder("f_v", .tiny(seed: 8))]
    func report(seed: UInt64) throws -> GenerationReport {
      try GenerationReport(
        [Self.faces], networks: networks, judges: judges, peopleLimit: 100, seed: seed)
    }
    let found = try report(seed: 1)
    #expect(found.rows.map(\.judge) == ["f_c", "f_c", "f_c", "f_v", "f_v", "f_v"])
    #expect(found.rows.map(\.model) == [nil, "one", "two", nil, "one", "two"])
    let real = found.rows[0]
    // Patterns of one person resemble each other far more than those of two, even untrained.
    #expect(real.identification.galleryPeople == 10 && real.identification.probes == 30)
    #expect(real.identification.top1 > 0.5 && real.ratio == nil)
    let made = found.rows[1]
    let ratio = try #require(made.ratio)
    #expect(abs(ratio - made.identification.top1 / real.identification.top1) < 1e-12)
    let ends = try #require(made.ratioCI95)
    #expect(ends[0] <= ratio && ratio <= ends[1])
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(try encoder.encode(found) == encoder.encode(report(seed: 1)))
    #expect(try encoder.encode(found) != encoder.encode(report(seed: 2)))
    #expect(found.text.contains("81.11 %") && found.text.contains("0.928"))
    let html = found.page(facts: [("command", "a < b")]).html
    #expect(try WellFormed.elements(of: html)["table"] == 3)
  }

  @Test("networks that have learnt nothing keep nobody's identity") func untrained() throws {
    let embedder = FaceEmbedder.tiny()
    let found = try GenerationReport(
      [Self.faces], networks: [NamedNetworks("untrained", .tiny(embedder: embedder))],
      judges: [NamedEmbedder("f_c", embedder)], peopleLimit: 100, seed: 1)
    let ratio = try #require(found.rows[1].ratio)
    #expect(ratio < 0.6)
  }
}
