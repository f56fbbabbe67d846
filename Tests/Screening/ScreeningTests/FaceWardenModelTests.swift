import Checkpoints
import Embedders
import Foundation
import JSON
import ModelStore
import NeuralNetworks
import Reconstruction
import Screening
import SeededRandom
import TestSupport
import Testing

@Suite struct FaceWardenModelTests {
  @Test("an A and G for pictures of 256×256 pixels is refused by name, whatever its embedder")
  func otherSide() throws {
    try withTemporaryFolder { folder in
      var random = SplitMix64(seed: 3)
      func publish(
        _ name: String, _ tables: [(String, any ParameterizedNetwork)],
        _ architecture: [String: JSONValue]
      ) throws {
        let file = SafeTensorsFile(
          tables: tables.map { ($0, $1.initialParameters(using: &random)) })
        let bytes = try file.bytes()
        try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name).safetensors"))
        try ModelManifest.update(
          ModelEntry(
            name: name, file: "\(name).safetensors", contents: bytes, architecture: architecture),
          folder: folder)
      }
      let embedder = EmbedderArchitecture(
        widths: [2, 2, 2, 2, 4], convolutions: [1, 1, 1, 1, 1], embedding: 4)
      try publish("f_c", [("", embedder)], try Dictionary(describing: embedder))
      let wide = IPGANArchitecture(
        identity: 64, identitySide: 4, latent: 4, attributeWidths: [2, 2, 2, 2, 2, 2],
        generatorWidths: [2, 2, 2, 2, 2, 2, 2], discriminatorWidths: [2, 2, 2, 2, 2, 2])
      #expect(wide.isConsistent && wide.side == 256)
      try publish(
        "ip_gan", [("encoder/", AttributeEncoder(wide)), ("generator/", FaceGenerator(wide))],
        try Dictionary(describing: wide))
      let manifest = try ModelManifest(folder: folder)
      let loaded = try FaceEmbedder(of: manifest, folder: folder)
      func isRefusal(_ error: any Error) -> Bool {
        guard case ModelError.unknownArchitecture("ip_gan", let reason) = error else {
          return false
        }
        return reason.contains("256×256") && reason.contains("128×128")
      }
      #expect {
        try IPGANModel("ip_gan", of: manifest, folder: folder, embedder: loaded)
      } throws: { isRefusal($0) }
      #expect { try FaceWarden(folder: folder) } throws: { isRefusal($0) }
    }
  }
}
