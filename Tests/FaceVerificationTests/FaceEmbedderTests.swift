import FaceVerification
import KernelSupport
import NeuralNetworks
import SeededRandom
import Tensors
import TestSupport
import Testing

@Suite(.serialized) struct FaceEmbedderTests {
  let embedder = FaceEmbedder.tiny()
  let faces = Tensor((0..<5).map { SyntheticPeople.picture(person: $0, variant: 0, side: 16) })

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
      table.update(name) { tensor in tensor = tensor.map { _ in 0.5 + random.uniform() } }
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

@Suite struct EpochOrderTests {
  @Test("each epoch shows every picture once") func covers() {
    var order = EpochOrder(count: 30, batch: 5, seed: 1)
    #expect(order.stepsPerEpoch == 6)
    for epoch in 0..<3 {
      let seen = (0..<6).flatMap { order.indices(ofStep: epoch * 6 + $0) }
      #expect(seen.sorted() == Array(0..<30))
    }
  }

  @Test("pairs are neighbours of one person, and odd ones out change") func pairs() {
    let people = [0..<3, 3..<8, 8..<10]
    var order = EpochOrder(pairsOf: people, batch: 2, seed: 1)
    #expect(order.stepsPerEpoch == 4)
    var left: Set<Int> = []
    for epoch in 0..<12 {
      var seen: Set<Int> = []
      for step in 0..<4 {
        let pair = order.indices(ofStep: epoch * 4 + step)
        let owners = pair.map { picture in people.firstIndex { $0.contains(picture) } }
        #expect(owners[0] == owners[1] && pair[0] != pair[1])
        seen.formUnion(pair)
      }
      left.formUnion(Set(0..<10).subtracting(seen))
    }
    #expect(left.count > 2)
  }

  @Test("what a step shows depends on the step alone") func stateless() {
    var forwards = EpochOrder(count: 12, batch: 4, seed: 9)
    var backwards = forwards
    let expected = (0..<9).map { forwards.indices(ofStep: $0) }
    let found = (0..<9).reversed().map { backwards.indices(ofStep: $0) }.reversed()
    #expect(Array(found) == expected)
  }
}
