import Checkpoints
import Embedders
import Foundation
import Images
import ModelStore
import Screening
import TestSupport
import Testing
import UseCases

@Suite struct FusionTests {
  private let pictures: [FacePicture]

  init() throws {
    pictures = try (0..<3).map {
      try FacePicture(
        bytes: SyntheticPeople.picture(person: $0 / 2, variant: $0, side: 128).pngData(),
        name: "picture \($0)", landmarks: nil)
    }
  }

  /// Adds a fusion to a folder of tiny models.
  private func publish(
    _ file: SafeTensorsFile, madeWith sums: [String: String]? = nil, to folder: String
  ) throws {
    let bytes = try file.bytes()
    let name = EmbeddingFusion.modelName
    try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name).safetensors"))
    let own = try ModelManifest(folder: folder).sums(of: [
      FaceEmbedder.modelName, FaceEmbedder.witnessName,
    ])
    try ModelManifest.update(
      ModelEntry(
        name: name, file: "\(name).safetensors", contents: bytes,
        operatingPoints: [
          OperatingPoint(name: FaceWarden.defaultPoints.verification, threshold: 0.75, fmr: 0.01)
        ], madeWith: sums ?? own), folder: folder)
  }

  @Test("both networks decide, and the verdict says what each of them saw")
  func decides() throws {
    try withTemporaryFolder { folder in
      try TinyModels.write(to: folder)
      let alone = Door(try FaceWarden(folder: folder))
      let before = alone.verify(pictures[0], pictures[2])
      #expect(before.verification?.networks == nil)
      let fusion = try #require(EmbeddingFusion(weight: 0.25))
      try publish(fusion.file, to: folder)
      let door = Door(try FaceWarden(folder: folder))
      let verdict = door.verify(pictures[0], pictures[2])
      let found = try #require(verdict.verification)
      let first = try #require(before.verification?.distance)
      let second = try #require(before.subscores?["witness_distance"])
      #expect(first != second)
      #expect(found.distance == 0.75 * first + 0.25 * second)
      #expect(found.networks == ["f_c": first, "f_v": second])
      #expect(found.threshold == 0.75 && found.match == (found.distance < 0.75))
      #expect(verdict.models?.contains { $0.name == "fusion" } == true)
      // Tampering is looked for as before.
      #expect(verdict.score == before.score)

      let (a, b) = (door.examine(pictures[0]).evidence, door.examine(pictures[2]).evidence)
      let joined = squaredDistance(
        fusion.joined(a.embedding, a.witnessEmbedding ?? []),
        fusion.joined(b.embedding, b.witnessEmbedding ?? []))
      #expect(abs(Double(joined) - found.distance) < 1e-6)

      let deciding = try DecidingEmbedders(of: ModelManifest(folder: folder), folder: folder)
      #expect(deciding.modelName == EmbeddingFusion.modelName)
      let distance = deciding.distance(
        (a.embedding, a.witnessEmbedding), (b.embedding, b.witnessEmbedding))
      #expect(distance == found.distance)
      #expect(DecidingEmbedders(deciding.embedder).modelName == FaceEmbedder.modelName)
    }
  }

  @Test("templates and galleries are compared by both networks")
  func templates() throws {
    try withTemporaryFolder { folder in
      try TinyModels.write(to: folder)
      let former = try Door(try FaceWarden(folder: folder)).enrol("old", [pictures[2]])
      try publish(try #require(EmbeddingFusion(weight: 0.5)).file, to: folder)
      let door = Door(try FaceWarden(folder: folder))
      let template = try door.enrol("somebody", [pictures[2]])
      let pair = try #require(door.verify(pictures[0], pictures[2]).verification)
      let held = try #require(try door.verify(pictures[0], template).verification)
      #expect(held.distance == pair.distance && held.networks == pair.networks)
      let other = try door.enrol("another", [pictures[1]])
      let search = try door.identify(pictures[0], in: FaceGallery([template, other]))
      let candidates = try #require(search.identification?.candidates)
      #expect(
        candidates.first { $0.name == "somebody" }?.distance == pair.distance)
      // The embeddings are the same, whatever joins their distances.
      #expect(try door.verify(pictures[0], former).verification == held)
    }
  }

  @Test("a fusion of other networks, or of one alone, is refused")
  func refusals() throws {
    try withTemporaryFolder { folder in
      try TinyModels.write(to: folder)
      #expect([0, 1, -0.5, 2, .nan].allSatisfy { EmbeddingFusion(weight: $0) == nil })
      let fusion = try #require(EmbeddingFusion(weight: 0.5))
      let sum = String(repeating: "0", count: 64)
      try publish(fusion.file, madeWith: ["f_c": sum, "f_v": sum], to: folder)
      #expect(throws: CheckpointError.madeWithAnother(model: "fusion", partner: "f_c")) {
        try FaceWarden(folder: folder)
      }
      func file(_ weight: Float, _ shape: [Int] = [1]) -> SafeTensorsFile {
        SafeTensorsFile(arrays: [
          NamedArray(
            name: "weight", shape: shape,
            elements: Array(repeating: weight, count: shape.reduce(1, *)))
        ])
      }
      try publish(file(1), to: folder)
      #expect(throws: EmbeddingFusionError.unfitWeight(1)) { try FaceWarden(folder: folder) }
      try publish(file(0.5, [2]), to: folder)
      #expect(throws: CheckpointError.self) { try FaceWarden(folder: folder) }
    }
  }
}
