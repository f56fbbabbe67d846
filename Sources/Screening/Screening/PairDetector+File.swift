public import Checkpoints
private import Foundation
private import LinearMachines

extension PairDetector {
  /// The features that it weighs, as this program computes them.
  public static let specification = FeatureSpecification([
    "claim": FeatureSpecification.Group(
      revision: 1, numbers: ["d²(f_C(x₁), f_C(x₂))", "d²(f_V(x₁), f_V(x₂))"])
  ])

  /// The detector as the contents of a file.
  public func file() throws -> SafeTensorsFile {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return SafeTensorsFile(
      arrays: [
        NamedArray(name: "claim/weights", shape: [2], elements: claim.weights.map { Float($0) }),
        NamedArray(name: "claim/bias", shape: [1], elements: [Float(claim.bias)]),
        NamedArray(
          name: "joint", shape: [3], elements: [Float(offset), Float(slope), Float(intercept)]),
      ],
      metadata: [
        "options": String(decoding: try encoder.encode(claim.options), as: UTF8.self),
        FeatureSpecification.member: try Self.specification.text,
      ])
  }

  /// Reads a detector.
  ///
  /// - Throws: `CheckpointError` or ``DetectorError``.
  public init(file: SafeTensorsFile) throws {
    guard let text = file.metadata["options"],
      let options = try? JSONDecoder().decode(TrainingOptions.self, from: Data(text.utf8))
    else { throw DetectorError.noSettings }
    try (FeatureSpecification(file: file) ?? .first(["claim"])).check(Self.specification)
    let joint = try file.array("joint", shape: [3]).elements.map(Double.init)
    guard joint[1] > 0 else { throw DetectorError.noSettings }
    self.init(
      claim: LinearSVM(
        weights: try file.array("claim/weights", shape: [2]).elements.map(Double.init),
        bias: Double(try file.array("claim/bias", shape: [1]).elements[0]), options: options),
      offset: joint[0], slope: joint[1], intercept: joint[2])
  }
}
