import Embedders
import Foundation
import JSON
import NeuralNetworks
import PictureTensors
import SeededRandom
import Tensors
import TestSupport
import Testing

@Suite struct EmbedderArchitectureTests {
  struct Shape: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let architecture: EmbedderArchitecture
    let identity: Int
    let firstWeights: [Int]
  }

  static let shapes = [
    Shape(
      testDescription: "mean over the last block",
      architecture: EmbedderArchitecture(
        widths: [4, 6], convolutions: [1, 2], head: .average, embedding: 5,
        view: FaceView(side: 16)),
      identity: 6, firstWeights: [3, 3, 3, 4]),
    Shape(
      testDescription: "map after the last pooling",
      architecture: EmbedderArchitecture(
        widths: [4, 6], convolutions: [2, 1], head: .map, embedding: 5, view: FaceView(side: 16)),
      identity: 4 * 4 * 6, firstWeights: [3, 3, 3, 4]),
    Shape(
      testDescription: "grey rectangle",
      architecture: EmbedderArchitecture(
        widths: [4], convolutions: [3], head: .map, embedding: 5,
        view: FaceView(top: 3, left: 2, side: 12, isGrey: true)),
      identity: 6 * 6 * 4, firstWeights: [3, 3, 1, 4]),
  ]

  @Test("f_I and f_C have the sizes that the shape says", arguments: shapes)
  func sizes(_ shape: Shape) throws {
    var random = SplitMix64(seed: 1)
    let architecture = shape.architecture
    #expect(architecture.isBuildable)
    let table = architecture.initialParameters(using: &random)
    #expect(table["block1.conv1.weight"]?.shape == shape.firstWeights)
    for (block, count) in architecture.convolutions.enumerated() {
      #expect(table["block\(block + 1).conv\(count).weight"] != nil)
      #expect(table["block\(block + 1).conv\(count + 1).weight"] == nil)
    }
    let faces = Tensor((0..<3).map { SyntheticPeople.picture(person: $0, variant: 0, side: 16) })
    let output = architecture(
      Variable(faces), ForwardPass(table, mode: .inference, tracksParameters: false))
    #expect(architecture.identity == shape.identity)
    #expect(output.identity.value.shape == [3, shape.identity])
    #expect(output.embedding.value.shape == [3, 5])
    // Pooled responses of rectifiers.
    #expect(output.identity.value.numbers.allSatisfy { $0 >= 0 })
  }

  @Test("pixels outside the view have no gradient, those inside have") func viewGradients() {
    let architecture = Self.shapes[2].architecture
    var random = SplitMix64(seed: 2)
    let pass = ForwardPass(
      architecture.initialParameters(using: &random), mode: .inference, tracksParameters: false)
    let x = Variable(tracked: Tensor([SyntheticPeople.picture(person: 1, variant: 0, side: 16)]))
    let gradient = gradients(of: architecture(x, pass).embedding.sum(), withRespectTo: [x])[0]
    for row in 0..<16 {
      for column in 0..<16 where !((3..<15).contains(row) && (2..<14).contains(column)) {
        #expect((0..<3).allSatisfy { gradient[(row * 16 + column) * 3 + $0] == 0 })
      }
    }
    // Grey takes 0.299, 0.587 and 0.114 of the colours.
    let middle = (8 * 16 + 8) * 3
    #expect(gradient[middle + 1] != 0)
    #expect(abs(gradient[middle] / gradient[middle + 1] - 0.299 / 0.587) < 1e-4)
  }

  @Test("no network is built of sizes that do not fit")
  func refusals() {
    let sizes: [EmbedderArchitecture] = [
      EmbedderArchitecture(widths: []),
      EmbedderArchitecture(widths: [8, 0]),
      EmbedderArchitecture(widths: [8, 8], convolutions: [1]),
      EmbedderArchitecture(widths: [8], convolutions: [9]),
      EmbedderArchitecture(widths: [8], embedding: 0),
      EmbedderArchitecture(widths: [8, 8], view: FaceView(side: 6)),
      EmbedderArchitecture(widths: [8], view: FaceView(top: -1, side: 8)),
    ]
    for size in sizes { #expect(!size.isBuildable, "\(size)") }
    #expect(EmbedderArchitecture().isBuildable)
    #expect(EmbedderArchitecture(view: .greyMiddle).isBuildable)
  }

  @Test("a shape survives JSON, and one from before mirror images is read") func json() throws {
    var shape = Self.shapes[2].architecture
    shape.averagesMirrorImages = true
    let members = try [String: JSONValue](describing: shape)
    #expect(try members.decoded(as: EmbedderArchitecture.self) == shape)
    var older = members
    older["averagesMirrorImages"] = nil
    shape.averagesMirrorImages = false
    #expect(try older.decoded(as: EmbedderArchitecture.self) == shape)
  }
}
