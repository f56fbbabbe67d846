import Checkpoints
import NeuralNetworks
import PictureTensors
import Screening
import Tensors
import TestSupport
import Testing
import Textures

/// A screen works with any family of detectors.
@Suite struct DetectorFamilyTests {
  /// A family that goes by one number: how far the face lies from its reconstruction.
  struct GapDetector: TamperDetector, Equatable {
    static let family = "gap"
    let slope: Float
    var descriptor: TextureDescriptor { TextureDescriptor() }
    var groups: Set<FeatureGroup> { [.identity] }
    var changes: [FaceTransform] { [] }

    func score(_ features: [FeatureGroup: [Float]]) -> TamperingScore {
      let gap = features[.identity]?[0] ?? .nan
      return TamperingScore(parts: [("gap", Double(gap))], logOdds: Double(slope * gap))
    }

    func logOdds(_ features: [FeatureGroup: Variable]) -> Variable {
      guard let all = features[.identity] else { preconditionFailure("no gap") }
      let weights = Variable(Tensor([slope, 0, 0, 0], shape: [4, 1]))
      return all.dense(weights, bias: Variable(Tensor([0], shape: [1])))
        .reshaped([all.value.shape[0]])
    }

    func contents() throws -> SafeTensorsFile {
      SafeTensorsFile(arrays: [NamedArray(name: "slope", shape: [1], elements: [slope])])
    }

    static func specification(of contents: SafeTensorsFile) -> FeatureSpecification {
      FeatureSpecification([.identity], changes: [])
    }

    init(contents: SafeTensorsFile, faceSide: Int) throws {
      slope = try contents.array("slope", shape: [1]).elements[0]
    }

    init(slope: Float) { self.slope = slope }
  }

  @Test("another family is read by its name, judges, and can be descended") func other() throws {
    let file = try SafeTensorsFile(bytes: GapDetector(slope: 3).file().bytes())
    let detector = try DetectorFile.detector(
      file, faceSide: 16, families: DetectorFile.families + [GapDetector.self])
    #expect(detector as? GapDetector == GapDetector(slope: 3))
    let screen = TamperingScreen(
      FeatureExtractor(detector.groups, reconstructor: .tiny(), witness: .tiny(seed: 9)), detector)
    let face = SyntheticPeople.picture(person: 1, variant: 2, side: 16)
    let found = screen.examine(face)
    #expect(abs(found.score.logOdds - 3 * found.evidence.identityGap) < 1e-4)
    let x = Variable(tracked: Tensor([face]))
    let odds = screen.descent(of: x, to: [found]).logOdds
    #expect(abs(Double(odds.value[0]) - found.score.logOdds) < 1e-4)
    let slopes = gradients(of: odds.sum(), withRespectTo: [x])[0].numbers
    #expect(slopes.contains { $0 != 0 } && slopes.allSatisfy(\.isFinite))
  }

  @Test("a family that nobody knows is refused by name") func unknown() throws {
    let file = try GapDetector(slope: 3).file()
    #expect(throws: DetectorError.unknownFamily("gap", known: ["linear"])) {
      _ = try DetectorFile.detector(file, faceSide: 16)
    }
    #expect(throws: DetectorError.unknownFamily("gap", known: ["linear"])) {
      _ = try AdversarialDetector(file: file, faceSide: 16)
    }
  }
}
