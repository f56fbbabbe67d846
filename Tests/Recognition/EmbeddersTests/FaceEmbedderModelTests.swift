import Checkpoints
import Embedders
import Files
import Foundation
import JSON
import ModelStore
import NeuralNetworks
import PictureTensors
import SeededRandom
import Tensors
import TestSupport
import Testing

@Suite struct FaceEmbedderModelTests {
  /// A models' folder with one embedder of this shape.
  private func folder(
    _ shape: EmbedderArchitecture, describedAs members: [String: JSONValue]? = nil
  ) throws -> (path: String, weights: ParameterTable) {
    let folder = try Tool.temporaryFolder()
    var random = SplitMix64(seed: 5)
    let weights = shape.initialParameters(using: &random)
    let bytes = try SafeTensorsFile(tables: [("", weights)]).bytes()
    try AtomicFile.write(bytes, to: folder + "/f_v.safetensors")
    try ModelManifest.update(
      ModelEntry(
        name: FaceEmbedder.witnessName, file: "f_v.safetensors", contents: bytes,
        architecture: members ?? Dictionary(describing: shape)), folder: folder)
    return (folder, weights)
  }

  @Test("the manifest says whether mirror images are averaged", arguments: [false, true])
  func flip(averages: Bool) throws {
    var shape = EmbedderArchitecture.tiny
    shape.averagesMirrorImages = averages
    let (path, weights) = try folder(shape)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let manifest = try ModelManifest(folder: path)
    let embedder = try FaceEmbedder(FaceEmbedder.witnessName, of: manifest, folder: path)
    #expect(embedder.averagesMirrorImages == averages)
    let sum = try manifest.entry(FaceEmbedder.witnessName).sha256
    #expect(
      try manifest.distanceIdentity(of: FaceEmbedder.witnessName)
        == sum + (averages ? "+mirror" : ""))
    let face = Variable(Tensor([SyntheticPeople.picture(person: 0, variant: 0, side: 16)]))
    let isSymmetric =
      embedder.unitEmbeddings(of: face).value == embedder.unitEmbeddings(of: face.mirrored()).value
    #expect(isSymmetric == averages)
    let trained = try FaceEmbedder.weights(
      of: FaceEmbedder.witnessName, in: manifest, folder: path)
    #expect(trained.parameters == weights && trained.architecture == shape)
  }

  @Test("descriptions that cannot be built are refused by name")
  func refusals() throws {
    let wide = try [String: JSONValue](
      describing: EmbedderArchitecture(
        widths: [8, 16], convolutions: [1, 1], head: .average, embedding: 16,
        view: FaceView(side: 256)))
    var odd = try [String: JSONValue](describing: EmbedderArchitecture.tiny)
    odd["widths"] = [8, -1]
    for members in [wide, odd, ["latent": 128], [:]] {
      let (path, _) = try folder(.tiny, describedAs: members)
      defer { try? FileManager.default.removeItem(atPath: path) }
      let manifest = try ModelManifest(folder: path)
      #expect {
        try FaceEmbedder(FaceEmbedder.witnessName, of: manifest, folder: path)
      } throws: { error in
        (error as? ModelError)?.description.contains("'f_v'") == true
      }
    }
  }
}
