import Embedders
import Images
import NeuralNetworks
import PictureTensors
import Reconstruction
import Screening
import Tensors
import TestSupport
import Testing
import Textures

@Suite struct FeatureExtractorTests {
  static let faces = (0..<3).map { SyntheticPeople.picture(person: $0, variant: 1, side: 16) }

  static func extractor(_ groups: Set<FeatureGroup> = Set(FeatureGroup.allCases))
    -> FeatureExtractor
  {
    FeatureExtractor(
      groups, reconstructor: .tiny(), witness: .tiny(seed: 9), changes: FaceTransform.allCases)
  }

  @Test("each group has the numbers that files are held against", arguments: FeatureGroup.allCases)
  func counts(_ group: FeatureGroup) {
    let evidence = Self.extractor([group]).evidence(of: [Self.faces[0]])[0]
    #expect(Set(evidence.features.keys) == [group])
    let expected = FeatureExtractor.count(
      group, descriptor: TextureDescriptor(), side: 16, changes: FaceTransform.allCases)
    #expect(evidence.features[group]?.count == expected)
    #expect(evidence.features[group]?.allSatisfy(\.isFinite) == true)
  }

  @Test("a face's evidence is the same alone and in a batch") func batchInvariance() {
    let extractor = Self.extractor()
    // Five, so that the networks see the changes of all in more than one go.
    let faces = (0..<5).map { SyntheticPeople.picture(person: $0, variant: 1, side: 16) }
    let together = extractor.evidence(of: faces)
    for (index, face) in faces.enumerated() {
      let alone = extractor.evidence(of: [face])[0]
      #expect(alone.features == together[index].features)
      #expect(alone.embedding == together[index].embedding)
      #expect(alone.witnessEmbedding == together[index].witnessEmbedding)
      #expect(alone.reconstruction == together[index].reconstruction)
    }
    #expect(extractor.evidence(of: []).isEmpty)
  }

  @Test("a group's numbers do not depend on the other groups", arguments: FeatureGroup.allCases)
  func independence(_ group: FeatureGroup) {
    let all = Self.extractor().evidence(of: Self.faces)
    let alone = Self.extractor([group]).evidence(of: Self.faces)
    #expect(alone.map { $0.features[group] } == all.map { $0.features[group] })
    #expect(alone.map(\.identityGap) == all.map(\.identityGap))
  }

  @Test(
    "people are told apart by picture and mirror image together, the screen asks about the picture",
    arguments: [Set(FeatureGroup.allCases), [.picture]], [FaceTransform.allCases, [.median]])
  func mirrorImages(_ groups: Set<FeatureGroup>, _ changes: [FaceTransform]) {
    var networks = (own: FaceEmbedder.tiny(), seen: FaceEmbedder.tiny(seed: 9))
    networks.own.averagesMirrorImages = true
    networks.seen.averagesMirrorImages = true
    let averaging = FeatureExtractor(
      groups, reconstructor: .tiny(embedder: networks.own), witness: networks.seen,
      changes: changes
    ).evidence(of: Self.faces)
    let plain = FeatureExtractor(
      groups, reconstructor: .tiny(), witness: .tiny(seed: 9), changes: changes
    ).evidence(of: Self.faces)
    for (index, face) in Self.faces.enumerated() {
      let x = Variable(Tensor([face]))
      let found = averaging[index]
      #expect(found.embedding == networks.own.unitEmbeddings(of: x).value.numbers)
      #expect(found.witnessEmbedding == networks.seen.unitEmbeddings(of: x).value.numbers)
      #expect(found.embedding != plain[index].embedding)
      #expect(found.features == plain[index].features)
      #expect(found.identityGap == plain[index].identityGap)
      #expect(found.reconstruction == plain[index].reconstruction)
    }
  }

  @Test("a face of one colour does not move under shifts, blurs and the median") func flat() {
    let grey = RGBImage(
      width: 16, height: 16, pixels: [UInt8](repeating: 90, count: 16 * 16 * 3))
    let moves = Self.extractor([.consistency]).evidence(of: [grey])[0].features[.consistency] ?? []
    // log 10⁻⁴ is the logarithm of no distance at all.
    for transform in [FaceTransform.mirrored, .shifted1, .shifted2, .median] {
      let place = FaceTransform.allCases.firstIndex(of: transform) ?? 0
      #expect(abs(moves[place] - -9.2103) < 0.01)
    }
  }

  @Test("fine noise shows in the residual") func residual() {
    var noisy = Self.faces[0].pixels
    for i in stride(from: 0, to: noisy.count, by: 2) { noisy[i] = noisy[i] &+ 3 }
    let faces = [Self.faces[0], RGBImage(width: 16, height: 16, pixels: noisy)]
    let residuals = Self.extractor([.residual]).evidence(of: faces).map {
      $0.features[.residual] ?? []
    }
    #expect(residuals[1][0] > residuals[0][0])
  }
}
