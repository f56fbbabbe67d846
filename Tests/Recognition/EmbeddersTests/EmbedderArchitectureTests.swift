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
    Shape(
      testDescription: "residual",
      architecture: EmbedderArchitecture(
        widths: [4, 6], convolutions: [1, 5], embedding: 5, view: FaceView(side: 16),
        kind: .residual),
      identity: 4 * 4 * 6, firstWeights: [3, 3, 3, 4]),
    Shape(
      testDescription: "residual, at fewer pixels than the view has",
      architecture: EmbedderArchitecture(
        widths: [4, 6], convolutions: [3, 1], head: .average, embedding: 5,
        view: FaceView(side: 16, resolution: 12), kind: .residual),
      identity: 6, firstWeights: [3, 3, 3, 4]),
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
      EmbedderArchitecture(widths: [8], convolutions: [17]),
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

  @Test("a pair of a residual block whose weights are zero adds nothing") func residual() {
    var random = SplitMix64(seed: 1)
    let short = EmbedderArchitecture(
      widths: [4], convolutions: [1], embedding: 5, view: FaceView(side: 16), kind: .residual,
      slope: 0.2)
    var long = short
    long.convolutions = [3]
    var table = long.initialParameters(using: &random)
    table["block1.conv3.weight"] = Tensor(zeros: [3, 3, 4, 4])
    let faces = Variable(
      Tensor((0..<3).map { SyntheticPeople.picture(person: $0, variant: 0, side: 16) }))
    let pass = ForwardPass(table, mode: .inference, tracksParameters: false)
    let (a, b) = (short(faces, pass), long(faces, pass))
    #expect(a.identity.value == b.identity.value)
    // The slope lets some through below zero.
    #expect(a.identity.value.numbers.contains { $0 < 0 })
  }

  @Test("residual blocks need a convolution and pairs; sides that cannot be halved are refused")
  func unbuildable() {
    func shape(_ convolutions: [Int], resolution: Int?) -> EmbedderArchitecture {
      EmbedderArchitecture(
        widths: [4, 4], convolutions: convolutions, view: FaceView(resolution: resolution),
        kind: .residual)
    }
    #expect(shape([1, 3], resolution: 64).isBuildable)
    #expect(shape([1, 3], resolution: nil).isBuildable)
    #expect(!shape([1, 2], resolution: 64).isBuildable)
    #expect(!shape([1, 3], resolution: 62).isBuildable)
    #expect(!shape([1, 3], resolution: 0).isBuildable)
  }

  @Test("an older description is a VGG with ReLU that sees what its view cuts out") func older()
    throws
  {
    let text = """
      {"widths": [4, 6], "convolutions": [1, 2], "head": "map", "embedding": 5,
       "view": {"top": 0, "left": 0, "side": 128, "isGrey": false}}
      """
    let found = try JSONDecoder().decode(EmbedderArchitecture.self, from: Data(text.utf8))
    #expect(found == EmbedderArchitecture(widths: [4, 6], convolutions: [1, 2], embedding: 5))
    #expect(found.view.pixels == 128)
    let again = try JSONDecoder().decode(
      EmbedderArchitecture.self,
      from: JSONEncoder().encode(
        EmbedderArchitecture(
          view: FaceView(resolution: 64), kind: .residual, slope: 0.25)))
    #expect(again.view.pixels == 64 && again.kind == .residual && again.slope == 0.25)
  }

  @Test("weights fitted to more pixels see a smooth picture as before", arguments: [24, 32, 8])
  func fitted(pixels: Int) {
    var random = SplitMix64(seed: 1)
    let old = EmbedderArchitecture(
      widths: [4, 6], convolutions: [1, 1], embedding: 5, view: FaceView(side: 64, resolution: 16),
      kind: .residual)
    var new = old
    new.view.resolution = pixels
    let table = old.initialParameters(using: &random)
    let fitted = old.weights(table, fittedTo: new)
    #expect(fitted["embedding.weight"]?.shape == [new.identity, 5])
    #expect(fitted["block2.conv1.weight"] == table["block2.conv1.weight"])
    // The response to an even map is the sum over places, which stays.
    func even(_ table: ParameterTable, _ places: Int) -> [Float] {
      let map = Tensor((0..<places * 6).map { Float($0 % 6) }, shape: [1, places * 6])
      return Variable(map).dense(Variable(table["embedding.weight"] ?? Tensor(zeros: [1, 1]))).value
        .numbers
    }
    let (before, after) = (even(table, 16), even(fitted, new.mapSide * new.mapSide))
    // Places at the border weigh more or less after interpolation.
    let scale = before.map(abs).max() ?? 1
    for (a, b) in zip(before, after) { #expect(abs(a - b) < (pixels == 8 ? 1 : 0.35) * scale) }
    #expect(old.weights(table, fittedTo: old) == table)
  }

  @Test("a network deepened by further pairs responds as before, and the pairs can learn")
  func deepened() throws {
    var random = SplitMix64(seed: 1)
    let old = EmbedderArchitecture(
      widths: [4, 6], convolutions: [1, 3], embedding: 5, view: FaceView(side: 16), kind: .residual,
      slope: 0.2)
    var new = old
    new.convolutions = [3, 7]
    #expect(old.isDeepened(by: new) && !old.isDeepened(by: old) && !new.isDeepened(by: old))
    let table = old.initialParameters(using: &random)
    let deeper = old.weights(table, deepenedTo: new, seed: 9)
    #expect(Set(deeper.names) == Set(new.initialParameters(using: &random).names))
    #expect(deeper == old.weights(table, deepenedTo: new, seed: 9))
    #expect(deeper != old.weights(table, deepenedTo: new, seed: 10))
    #expect(old.weights(table, deepenedTo: old, seed: 9) == table)
    let faces = Variable(
      Tensor((0..<3).map { SyntheticPeople.picture(person: $0, variant: 0, side: 16) }))
    let before = old(faces, ForwardPass(table, mode: .inference, tracksParameters: false))
    let after = new(faces, ForwardPass(deeper, mode: .inference, tracksParameters: false))
    #expect(before.embedding.value == after.embedding.value)
    let pass = ForwardPass(deeper, mode: .training, tracksParameters: true)
    let embedding = new(faces, pass).embedding
    let slopes = gradients(
      of: (embedding * embedding).sum(), withRespectTo: [pass["block2.conv7.gamma"]])
    #expect(slopes[0].numbers.contains { $0 != 0 })

    var wider = new
    wider.widths = [4, 8]
    var other = old
    other.kind = .vgg
    var otherDeeper = new
    otherDeeper.kind = .vgg
    #expect(!old.isDeepened(by: wider) && !other.isDeepened(by: otherDeeper))
  }

  @Test("an imported network's picture is a square of the face, by its similarity")
  func importedView() {
    func view(_ side: Int, _ factor: Double, _ shift: Double) -> FaceView {
      FaceInput(side: side, a: factor, b: 0, shiftX: shift, shiftY: shift - 10 * factor).view
    }
    // Pixels of 16/14: their centres, 0 and 111, come from 1/14 and 127 less 1/14.
    #expect(view(112, 0.875, -0.0625) == FaceView(top: 10, left: 0, side: 128))
    #expect(view(128, 1, 0) == FaceView(top: 10, left: 0, side: 128))
    #expect(view(96, 1, -16) == FaceView(top: 26, left: 16, side: 96))
  }
}
