import Embedders
import KernelSupport
import NeuralNetworks
import PictureTensors
import SeededRandom
import Tensors
import TestSupport
import Testing

@Suite(.serialized) struct FaceEmbedderTests {
  let embedder = FaceEmbedder.tiny()
  let faces = Tensor((0..<5).map { SyntheticPeople.picture(person: $0, variant: 0, side: 16) })

  private var averaging: FaceEmbedder {
    var copy = embedder
    copy.averagesMirrorImages = true
    return copy
  }

  private func embed(_ x: Tensor) -> Tensor { embedder.unitEmbeddings(of: Variable(x)).value }

  @Test("an embedding is the same alone, in a batch, in any order, at any thread count")
  func batchInvariance() {
    let together = embed(faces)
    for index in 0..<5 {
      #expect(embed(faces.entries(index..<index + 1)) == together.entries(index..<index + 1))
    }
    let turned = Tensor(joining: [faces.entries(3..<5), faces.entries(0..<3)])
    #expect(
      embed(turned) == Tensor(joining: [together.entries(3..<5), together.entries(0..<3)]))
    let limit = WorkerPool.shared.limit
    defer { WorkerPool.shared.limit = limit }
    WorkerPool.shared.limit = 1
    #expect(embed(faces) == together)
  }

  @Test("gradients of a picture are the same alone and in a batch") func gradientBatchInvariance() {
    func gradient(_ x: Tensor) -> Tensor {
      let x = Variable(tracked: x)
      return gradients(of: embedder.unitEmbeddings(of: x).sum(), withRespectTo: [x])[0]
    }
    let together = gradient(faces)
    for index in 0..<5 {
      #expect(gradient(faces.entries(index..<index + 1)) == together.entries(index..<index + 1))
    }
  }

  @Test("averaged with mirror images, an embedding is still the same in any company")
  func averagedBatchInvariance() {
    let together = averaging.unitEmbeddings(of: Variable(faces)).value
    for index in 0..<5 {
      let alone = averaging.unitEmbeddings(of: Variable(faces.entries(index..<index + 1))).value
      #expect(alone == together.entries(index..<index + 1))
      #expect(abs(alone.dot(alone) - 1) < 1e-5)
    }
    let limit = WorkerPool.shared.limit
    defer { WorkerPool.shared.limit = limit }
    WorkerPool.shared.limit = 1
    #expect(averaging.unitEmbeddings(of: Variable(faces)).value == together)
  }

  @Test("averaged, a picture and its mirror image are one to the last bit, and plain they are not")
  func mirrorImages() {
    let turned = Variable(faces).mirrored()
    #expect(
      averaging.unitEmbeddings(of: turned).value
        == averaging.unitEmbeddings(of: Variable(faces)).value)
    #expect(embed(turned.value) != embed(faces))
  }

  @Test("features computed before give the same embedding", arguments: [false, true])
  func knownFeatures(averages: Bool) {
    var embedder = embedder
    embedder.averagesMirrorImages = averages
    let x = Variable(faces)
    let given = [x, x.mirrored()].map { embedder.features(of: $0).embedding }
    #expect(
      embedder.unitEmbeddings(straight: given[0], mirrored: given[1]).value
        == embedder.unitEmbeddings(of: x).value)
  }

  @Test("gradients reach the pixels through both images") func averagedGradients() {
    let target = Variable(embed(faces.entries(1..<2)))
    func loss(_ x: Variable) -> Variable {
      averaging.unitEmbeddings(of: x).squaredRowDistances(to: target).sum()
    }
    let x = faces.entries(0..<1)
    let variable = Variable(tracked: x)
    let gradient = gradients(of: loss(variable), withRespectTo: [variable])[0]
    // Along a direction; single pixels change a float's distance too little to be told apart. The
    // network has kinks, hence the tolerance.
    var random = SplitMix64(seed: 8)
    for _ in 0..<3 {
      let direction = Tensor.normal(x.shape, using: &random)
      let step: Float = 1e-3
      let ahead = loss(Variable(x + direction * step)).value[0]
      let back = loss(Variable(x - direction * step)).value[0]
      let (numeric, analytic) = (Double(ahead - back) / (2 * Double(step)), gradient.dot(direction))
      #expect(abs(numeric - analytic) <= 0.02 * max(0.1, abs(analytic)), "\(numeric), \(analytic)")
    }
  }

  @Test("embeddings have unit length") func unitLength() {
    let rows = embed(faces)
    for index in 0..<5 {
      let row = rows.entries(index..<index + 1)
      #expect(abs(row.dot(row) - 1) < 1e-5)
    }
  }

  @Test("folding normalisation into the weights changes nothing that matters")
  func folding() {
    var random = SplitMix64(seed: 3)
    var table = EmbedderArchitecture.tiny.initialParameters(using: &random)
    // Statistics that are not those of a fresh network.
    for name in table.names where name.hasSuffix("running_mean") || name.hasSuffix("variance") {
      table.update(name) { tensor in
        tensor = Tensor(tensor.numbers.map { _ in 0.5 + random.uniform() }, shape: tensor.shape)
      }
    }
    let plain = EmbedderArchitecture.tiny(
      Variable(faces), ForwardPass(table, mode: .inference, tracksParameters: false)
    ).embedding.value
    let folded = FaceEmbedder(.tiny, table).features(of: Variable(faces)).embedding.value
    let difference = plain - folded
    #expect(difference.dot(difference) < 1e-8 * plain.dot(plain))
  }

  @Test("distances are 0 to oneself and 2 − 2cos to others") func distances() {
    #expect(squaredDistance([0.6, 0.8], [0.6, 0.8]) == 0)
    #expect(squaredDistance([1, 0], [0, 1]) == 2)
    #expect(squaredDistance([1, 0], [-1, 0]) == 4)
  }
}
