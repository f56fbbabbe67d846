import Checkpoints
import Images
import PictureQuality
import TestSupport
import Testing

@Suite struct QualityModelTests {
  private let network = IdentityLossNetwork(width: 8, seed: 3)
  private var model: QualityModel {
    QualityModel(
      scales: [
        .contrast: QualityModel.Scale(limit: 3, usual: 4),
        .recognizability: QualityModel.Scale(limit: -1, usual: 0),
      ], network: network)
  }

  private func row(_ first: Float) -> [Float] {
    [first, (1 - first * first).squareRoot()] + [Float](repeating: 0, count: 6)
  }

  @Test("a file gives the same model back")
  func roundTrip() throws {
    let bytes = try model.file().bytes()
    let again = try QualityModel(file: SafeTensorsFile(bytes: bytes), width: 8)
    #expect(again.scales == model.scales)
    #expect(again.network.losses(of: [row(0.3)]) == network.losses(of: [row(0.3)]))
  }

  @Test("files that are none are refused by what is wrong")
  func refusals() throws {
    let file = try model.file()
    #expect(throws: QualityModelError.otherWidth(expected: 9, found: 8)) {
      try QualityModel(file: file, width: 9)
    }
    #expect(throws: QualityModelError.noSettings) {
      try QualityModel(file: SafeTensorsFile(arrays: file.arrays, metadata: [:]), width: 8)
    }
    func settings(_ scales: String) -> SafeTensorsFile {
      SafeTensorsFile(
        arrays: file.arrays, metadata: ["settings": #"{"width":8,"scales":{\#(scales)}}"#])
    }
    #expect(throws: QualityModelError.unfitScale("beauty")) {
      try QualityModel(file: settings(#""beauty":{"limit":0,"usual":1}"#), width: 8)
    }
    #expect(throws: QualityModelError.unfitScale("contrast")) {
      try QualityModel(file: settings(#""contrast":{"limit":1,"usual":1}"#), width: 8)
    }
    #expect(throws: QualityModelError.unfitScale("recognizability")) {
      try QualityModel(file: settings(#""contrast":{"limit":0,"usual":1}"#), width: 8)
    }
  }

  @Test("the worst part decides, and names itself")
  func worst() {
    let black = RGBImage(width: 128, height: 128)
    let quality = model.quality(of: black, embedding: row(0.2), detector: nil)
    #expect(quality.score == 0 && quality.poor == .contrast)
    #expect(quality.parts["contrast"] == 0 && quality.poor?.code == "poor_contrast")
  }

  @Test("an embedding that is no number shows nothing")
  func noNumber() {
    let only = QualityModel(
      scales: [.recognizability: QualityModel.Scale(limit: -1, usual: 0)], network: network)
    let quality = only.quality(
      of: RGBImage(width: 128, height: 128), embedding: [Float](repeating: .nan, count: 8),
      detector: nil)
    #expect(quality.score == 0 && quality.poor == .recognizability)
  }
}
