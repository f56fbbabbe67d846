import Experiments
import Images
import Reconstruction
import TestSupport
import Testing

@Suite struct SynthesisSheetsTests {
  static let faces = LabelledFaces.synthetic("people", people: 8, pictures: 2)

  @Test("sheets have a cell for each picture, and the same seed makes the same") func sizes() throws
  {
    let networks = FaceReconstructor.tiny()
    let sheets = SynthesisSheets(Self.faces, seed: 1)
    func size(_ sheet: RGBImage) -> [Int] { [sheet.height / 16, sheet.width / 16] }
    let grid = try sheets.transformations(networks, rows: 3, columns: 4)
    #expect(size(grid) == [4, 5])
    #expect(size(try sheets.frontalizations(networks, columns: 5)) == [2, 5])
    #expect(size(try sheets.morphs(networks, rows: 2, steps: 6)) == [2, 8])
    let models = [NamedNetworks("a", networks), NamedNetworks("b", .tiny(seed: 2))]
    #expect(size(try sheets.comparison(models, columns: 4)) == [4, 4])
    #expect(try sheets.transformations(networks, rows: 3, columns: 4) == grid)
    let other = SynthesisSheets(Self.faces, seed: 2)
    #expect(try other.transformations(networks, rows: 3, columns: 4) != grid)
  }

  @Test("more faces than people are refused") func refusal() {
    #expect(
      throws: ExperimentError.tooFewPeople(group: "people", pictures: 1, found: 8, needed: 9)
    ) {
      try SynthesisSheets(Self.faces, seed: 1).transformations(.tiny(), rows: 4, columns: 5)
    }
  }
}
