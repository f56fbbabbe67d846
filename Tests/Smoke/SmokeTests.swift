import Foundation
import Images
import NeuralNetworks
import Presentation
import Screening
import SeededRandom
import Tensors
import TestSupport
import Testing
import UseCases

/// One operation, one layer, one question: what says within seconds that nothing is badly broken.
@Suite struct SmokeTests {
  @Test("a product is the product") func product() {
    var random = SplitMix64(seed: 5)
    let (rows, inner, columns) = (5, 33, 19)
    let a = (0..<rows * inner).map { _ in random.normal() }
    let b = (0..<inner * columns).map { _ in random.normal() }
    let found = Variable(Tensor(a, shape: [rows, inner])).dense(
      Variable(Tensor(b, shape: [inner, columns])),
      bias: Variable(Tensor(zeros: [columns]))
    ).value.numbers
    for row in 0..<rows {
      for column in 0..<columns {
        let expected = (0..<inner).reduce(0.0) {
          $0 + Double(a[row * inner + $1]) * Double(b[$1 * columns + column])
        }
        #expect(abs(Double(found[row * columns + column]) - expected) < 1e-4)
      }
    }
  }

  @Test("a layer's gradient is the slope of its values") func gradient() {
    var random = SplitMix64(seed: 6)
    let weights = (0..<12).map { _ in random.normal() }
    let x = (0..<8).map { _ in random.normal() }
    func loss(_ weights: [Float]) -> (value: Variable, weights: Variable) {
      let w = Variable(tracked: Tensor(weights, shape: [4, 3]))
      let y = Variable(Tensor(x, shape: [2, 4])).dense(
        w, bias: Variable(Tensor(zeros: [3])))
      return (y.squaredRowDistances(to: Variable(Tensor(zeros: [2, 3]))).sum(), w)
    }
    let at = loss(weights)
    let slopes = gradients(of: at.value, withRespectTo: [at.weights])[0].numbers
    for index in weights.indices {
      var (above, below) = (weights, weights)
      above[index] += 0.01
      below[index] -= 0.01
      let slope = (loss(above).value.value[0] - loss(below).value.value[0]) / 0.02
      #expect(abs(slope - slopes[index]) < 0.02 * max(1, abs(slope)))
    }
  }

  @Test("a pair gets one verdict, whoever asks it") func verdict() throws {
    try withTemporaryFolder { folder in
      try TinyModels.write(to: folder)
      let size = try FileManager.default.contentsOfDirectory(atPath: folder).reduce(0) {
        $0 + (FileManager.default.contents(atPath: "\(folder)/\($1)")?.count ?? 0)
      }
      #expect(size < 120_000)
      let door = Door(try FaceWarden(folder: folder))
      let pictures = try (0..<2).map {
        PictureRequest(
          .bytes(try SyntheticPeople.picture(person: $0, variant: 0, side: 128).pngData()),
          name: "picture \($0)")
      }
      let verdict = try door.verify(PairRequest(pictures[0], .picture(pictures[1])))
      #expect(verdict.verdict != .undecided && verdict.code == nil, "\(verdict.reason)")
      #expect(try door.verify(PairRequest(pictures[0], .picture(pictures[1]))) == verdict)
      let own = try door.verify(PairRequest(pictures[0], .picture(pictures[0])))
      #expect(own.verification?.distance == 0 && own.verification?.match == true)
      #expect(try verdict.line().hasPrefix("{\"decision\":"))
    }
  }
}
