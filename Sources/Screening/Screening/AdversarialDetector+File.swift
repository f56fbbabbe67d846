public import Checkpoints
private import Foundation
private import LinearMachines
private import Textures

extension AdversarialDetector {
  /// What a file's metadata say.
  private struct Settings: Codable {
    struct Part: Codable {
      var name: String
      var groups: [FeatureGroup]
      var isScaled: Bool
      var options: TrainingOptions
    }

    var kind: DetectorKind
    var descriptor: TextureDescriptor
    /// Absent in files from before they were named.
    var changes: [FaceTransform]?
    var parts: [Part]
    var fusion: TrainingOptions

    var groups: Set<FeatureGroup> { Set(parts.flatMap(\.groups)) }
  }

  public func contents() throws -> SafeTensorsFile {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let settings = try encoder.encode(
      Settings(
        kind: kind, descriptor: descriptor, changes: changes,
        parts: parts.map {
          Settings.Part(
            name: $0.name, groups: $0.groups, isScaled: $0.scaler != nil,
            options: $0.machine.options)
        }, fusion: fusion.options))
    var arrays = Self.arrays("fusion", fusion)
    for part in parts {
      arrays += Self.arrays(part.name, part.machine)
      guard let scaler = part.scaler else { continue }
      for (name, values) in [("shifts", scaler.shifts), ("factors", scaler.factors)] {
        arrays.append(
          NamedArray(name: "\(part.name)/\(name)", shape: [values.count], elements: values))
      }
    }
    return SafeTensorsFile(
      arrays: arrays, metadata: ["settings": String(decoding: settings, as: UTF8.self)])
  }

  private static func arrays(_ name: String, _ machine: LinearSVM) -> [NamedArray] {
    [
      NamedArray(
        name: name + "/weights", shape: [machine.weights.count],
        elements: machine.weights.map { Float($0) }),
      NamedArray(name: name + "/bias", shape: [1], elements: [Float(machine.bias)]),
    ]
  }

  private static func settings(of file: SafeTensorsFile) throws(DetectorError) -> Settings {
    guard let text = file.metadata["settings"],
      let settings = try? JSONDecoder().decode(Settings.self, from: Data(text.utf8)),
      !settings.parts.isEmpty, settings.changes?.isEmpty != true,
      Set(settings.changes ?? []).count == settings.changes?.count ?? 0
    else { throw .noSettings }
    return settings
  }

  public static func specification(
    of file: SafeTensorsFile
  ) throws(DetectorError) -> FeatureSpecification {
    let settings = try settings(of: file)
    return FeatureSpecification(
      settings.groups, changes: settings.changes ?? FaceTransform.first)
  }

  public init(contents file: SafeTensorsFile, faceSide: Int) throws {
    let settings = try Self.settings(of: file)
    let changes = settings.changes ?? FaceTransform.first
    func machine(_ name: String, _ count: Int, _ options: TrainingOptions) throws -> LinearSVM {
      LinearSVM(
        weights: try file.array(name + "/weights", shape: [count]).elements.map(Double.init),
        bias: Double(try file.array(name + "/bias", shape: [1]).elements[0]), options: options)
    }
    let parts = try settings.parts.map { part in
      let count = part.groups.reduce(0) {
        $0
          + FeatureExtractor.count(
            $1, descriptor: settings.descriptor, side: faceSide, changes: changes)
      }
      var scaler: FeatureScaler?
      if part.isScaled {
        scaler = FeatureScaler(
          shifts: try file.array(part.name + "/shifts", shape: [count]).elements,
          factors: try file.array(part.name + "/factors", shape: [count]).elements)
      }
      return Part(
        name: part.name, groups: part.groups, scaler: scaler,
        machine: try machine(part.name, count, part.options))
    }
    self.init(
      kind: settings.kind, descriptor: settings.descriptor, changes: changes, parts: parts,
      fusion: try machine("fusion", parts.count, settings.fusion))
  }
}
