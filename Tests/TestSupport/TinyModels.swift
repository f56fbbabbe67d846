internal import Checkpoints
internal import Embedders
internal import Foundation
internal import JSON
internal import LinearMachines
internal import ModelStore
internal import NeuralNetworks
internal import Reconstruction
internal import Screening
internal import SeededRandom
internal import Textures

/// A folder of models, about 100 kB, all of whose weights are drawn from a seed: what they say means
/// nothing, but it is the same every time, and everything that loads and runs models runs them.
public enum TinyModels {
  /// f_C and f_V.
  private static let embedder = EmbedderArchitecture(
    widths: [2, 2, 2, 2, 4], convolutions: [1, 1, 1, 1, 1], embedding: 8)
  /// A and G.
  private static let ipgan = IPGANArchitecture(
    identity: 64, identitySide: 4, latent: 4, attributeWidths: [2, 2, 2, 2, 2],
    generatorWidths: [4, 2, 2, 2, 2, 2], discriminatorWidths: [2, 2, 2, 2, 2])

  /// Writes the models and their manifest.
  ///
  /// - Throws: what writing files throws.
  public static func write(to folder: String) throws {
    var random = SplitMix64(seed: 12)
    func publish(
      _ name: String, _ file: SafeTensorsFile, _ architecture: [String: JSONValue] = [:],
      _ points: [OperatingPoint] = []
    ) throws {
      let bytes = try file.bytes()
      try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name).safetensors"))
      try ModelManifest.update(
        ModelEntry(
          name: name, file: "\(name).safetensors", contents: bytes, architecture: architecture,
          operatingPoints: points), folder: folder)
    }
    for (name, points) in [
      (
        FaceEmbedder.modelName,
        [OperatingPoint(name: FaceWarden.defaultPoints.verification, threshold: 0.5, fmr: 0.01)]
      ), (FaceEmbedder.witnessName, []),
    ] {
      try publish(
        name, SafeTensorsFile(tables: [("", embedder.initialParameters(using: &random))]),
        try Dictionary(describing: embedder), points)
    }
    try publish(
      FaceReconstructor.modelName,
      SafeTensorsFile(tables: [
        ("encoder/", AttributeEncoder(ipgan).initialParameters(using: &random)),
        ("generator/", FaceGenerator(ipgan).initialParameters(using: &random)),
      ]), try Dictionary(describing: ipgan))
    let point = [OperatingPoint(name: "bpcer-1e-2", threshold: 0.5, bpcer: 0.01)]
    try publish(
      AdversarialDetector.modelName, try detector(using: &random).file(), [:], point)
    try publish(
      PairDetector.modelName,
      try PairDetector(
        claim: LinearSVM(weights: [-2, 2], bias: -1), offset: 0, slope: 1, intercept: 0
      ).file(), [:], point)
  }

  /// A detector of all evidence, small weights throughout.
  private static func detector(using random: inout SplitMix64) -> AdversarialDetector {
    let descriptor = TextureDescriptor()
    func machine(_ count: Int) -> LinearSVM {
      LinearSVM(weights: (0..<count).map { _ in 0.01 * Double(random.normal()) }, bias: -0.1)
    }
    let parts = DetectorKind.full.parts.map { name, groups in
      AdversarialDetector.Part(
        name: name, groups: groups, scaler: nil,
        machine: machine(
          groups.reduce(0) {
            $0 + FeatureExtractor.count($1, descriptor: descriptor, side: ipgan.side)
          }))
    }
    return AdversarialDetector(
      kind: .full, descriptor: descriptor, parts: parts, fusion: machine(parts.count))
  }
}
