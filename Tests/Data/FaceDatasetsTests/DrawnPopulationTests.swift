import FaceDatasets
import Images
import Testing

@Suite struct DrawnPopulationTests {
  @Test(
    "a drawn population is a data set like any other",
    arguments: [IdentityDataset.Storage.compressed, .pixels])
  func loading(storage: IdentityDataset.Storage) throws {
    let faces = try IdentityDataset(sources: ["synthetic:3x2:7"], storage: storage)
    #expect(faces.people == (0..<3).map { "synthetic-7-00000\($0)" })
    #expect(faces.labels == [0, 0, 1, 1, 2, 2])
    #expect(faces.names[3] == "synthetic-7-000001/001.png")
    #expect(faces.report.omissions.isEmpty)
    let again = try IdentityDataset(sources: ["synthetic:9x2:7"])
    #expect(try faces.image(at: 5) == again.image(at: 5))
    #expect(try faces.image(at: 0) != faces.image(at: 1))
  }

  @Test("it mixes with files") func mixing() throws {
    try IdentityDatasetTests.withSources { sources in
      let alone = try IdentityDataset(sources: sources)
      let mixed = try IdentityDataset(sources: sources + ["synthetic:2x2"])
      #expect(mixed.people == alone.people + ["synthetic-1-000000", "synthetic-1-000001"])
      #expect(try mixed.image(at: 0) == alone.image(at: 0))
    }
  }

  @Test(
    "a malformed population is refused",
    arguments: [
      "synthetic:", "synthetic:3", "synthetic:0x2", "synthetic:3x-1", "synthetic:3x2:",
      "synthetic:3x2:a", "synthetic:3x2:1:1", "synthetic:100001x1", "synthetic:1x1001",
    ])
  func refusal(source: String) {
    #expect(throws: DatasetError.population(source: source)) {
      try IdentityDataset(sources: [source])
    }
  }
}
