import FaceFinding
import Geometry
import NeuralNetworks
import SeededRandom
import Tensors
import Testing

@testable import FaceFinderTraining

@Suite struct DetectionLossTests {
  @Test(
    "gradients match central differences, with and without focus", arguments: [0, 2] as [Float])
  func gradients(focus: Float) {
    var random = SplitMix64(seed: 3)
    let labels: [DetectionTargets.Label] = [
      .background, .face(points: (0..<10).map { _ in random.uniform(in: -1...1) }),
      .face(points: nil), .ignored, .background,
    ]
    let x = Tensor.normal([labels.count, 11], using: &random)
    let targets = DetectionTargets(labels: labels)
    func loss(_ x: Tensor) -> Float {
      targets.loss(of: Variable(x), focus: focus, pointWeight: 2, knee: 0.1).loss.value[0]
    }
    let input = Variable(tracked: x)
    let found = NeuralNetworks.gradients(
      of: targets.loss(of: input, focus: focus, pointWeight: 2, knee: 0.1).loss,
      withRespectTo: [input])[0]
    let step: Float = 1e-2
    for i in 0..<x.count {
      var (more, less) = (x, x)
      more.update { $0[i] += step }
      less.update { $0[i] -= step }
      let numeric = (loss(more) - loss(less)) / (2 * step)
      // The knee of the Huber loss is within a step of some errors.
      #expect(abs(numeric - found[i]) < 2e-3, "[\(i)]: \(found[i]), numeric \(numeric)")
    }
  }

  @Test("a face marks the cells in its middle, and only if its size fits")
  func targets() throws {
    func faces(scale: Double) throws -> Int {
      let transform = SimilarityTransform(
        a: scale, b: 0, shiftX: 48 - 64 * scale, shiftY: 48 - 71 * scale)
      let face = PatchComposer.Face(landmarks: .usual.moved(by: transform), isExact: true)
      return try SeekerTargets.labels([face], side: 96).count {
        if case .face = $0 { true } else { false }
      }
    }
    #expect(try faces(scale: 36.0 / 92) == 4)
    #expect(try faces(scale: 12.0 / 92) == 0)
    #expect(try faces(scale: 90.0 / 92) == 0)
  }
}
