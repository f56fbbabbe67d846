import Checkpoints
import LinearMachines
import Screening
import SeededRandom
import TestSupport
import Testing
import Textures

@Suite struct AdversarialDetectorTests {
  static let descriptor = TextureDescriptor(grid: .pixels(width: 7, height: 7))

  /// A detector with drawn weights.
  static func detector(
    _ kind: DetectorKind, changes: [FaceTransform] = FaceTransform.usual
  ) -> AdversarialDetector {
    var random = SplitMix64(seed: 8)
    func machine(_ count: Int) -> LinearSVM {
      LinearSVM(weights: (0..<count).map { _ in Double(random.normal()) }, bias: 0.1)
    }
    let parts = kind.parts.map { name, groups in
      let count = groups.reduce(0) {
        $0 + FeatureExtractor.count($1, descriptor: descriptor, side: 16, changes: changes)
      }
      let scaler =
        groups.contains(.picture)
        ? nil
        : FeatureScaler(
          shifts: (0..<count).map { _ in random.normal() },
          factors: (0..<count).map { _ in random.uniform(in: 0.5...2) })
      return AdversarialDetector.Part(
        name: name, groups: groups, scaler: scaler, machine: machine(count))
    }
    return AdversarialDetector(
      kind: kind, descriptor: descriptor, changes: changes, parts: parts,
      fusion: machine(parts.count))
  }

  @Test(
    "a detector comes back from its file the same, its changes in their order",
    arguments: DetectorKind.allCases, [FaceTransform.usual, FaceTransform.allCases.reversed()])
  func roundTrip(_ kind: DetectorKind, _ changes: [FaceTransform]) throws {
    let detector = Self.detector(kind, changes: changes)
    let file = try SafeTensorsFile(bytes: detector.file().bytes())
    let again = try AdversarialDetector(file: file, faceSide: 16)
    #expect(again == detector)
    let extractor = FeatureExtractor(
      detector.groups, reconstructor: .tiny(), witness: .tiny(seed: 9), descriptor: Self.descriptor,
      changes: again.changes)
    let face = SyntheticPeople.picture(person: 1, variant: 2, side: 16)
    let evidence = extractor.evidence(of: [face])[0]
    let score = detector.score(evidence)
    #expect(again.score(evidence) == score)
    #expect((0...1).contains(score.probability))
    #expect(score.parts.map(\.name) == kind.parts.map(\.name))
  }

  @Test("files of other sizes, and of nothing, are refused") func refusals() throws {
    let file = try Self.detector(.full).file()
    #expect(throws: CheckpointError.self) { _ = try AdversarialDetector(file: file, faceSide: 32) }
    let other = SafeTensorsFile(arrays: file.arrays, metadata: [:])
    #expect(throws: DetectorError.noSettings) {
      try AdversarialDetector(file: other, faceSide: 16)
    }
    let lacking = SafeTensorsFile(
      arrays: file.arrays.filter { $0.name != "fusion/weights" }, metadata: file.metadata)
    #expect(throws: CheckpointError.missingTensor("fusion/weights")) {
      try AdversarialDetector(file: lacking, faceSide: 16)
    }
  }
}
