import Foundation
import LinearMachines
import Testing

@Suite struct FeatureScalerTests {
  static let features = FeatureMatrix([[1, 5, -2], [3, 5, 2]])

  @Test("standard scaling gives mean 0 and deviation 1") func standard() throws {
    let scaler = try FeatureScaler(fitting: Self.features)
    #expect(scaler.scaled(Self.features).elements == [-1, 0, -1, 1, 0, 1])
    // Means 2, 5, 0; deviations 1, 0, 2.
    #expect(scaler.scaled([4, 9, 1]) == [2, 0, 0.5])
  }

  @Test("unit scaling gives the range 0…1") func unit() throws {
    let scaler = try FeatureScaler(fitting: Self.features, method: .unitRange)
    #expect(scaler.scaled(Self.features).elements == [0, 0, 0, 1, 0, 1])
    #expect(scaler.scaled([5, 5, 0]) == [2, 0, 0.5])
  }

  @Test("a feature that varies by rounding only counts as constant") func dust() throws {
    let value: Float = 0.1
    let scaler = try FeatureScaler(
      fitting: FeatureMatrix(rows: 3, columns: 1, elements: [value, value.nextUp, value]))
    #expect(scaler.factors == [0])
  }

  @Test("saving and loading is the identity") func json() throws {
    let scaler = try FeatureScaler(
      fitting: clouds(rows: 20, columns: 7, distance: 0.3, seed: 31).features)
    let loaded = try JSONDecoder().decode(
      FeatureScaler.self, from: JSONEncoder().encode(scaler))
    #expect(loaded == scaler)
  }

  @Test("features that are not finite are refused") func notFinite() {
    #expect(throws: SupportVectorMachineError.notFinite(row: 0, column: 1)) {
      try FeatureScaler(fitting: FeatureMatrix([[0, .nan]]))
    }
  }
}
