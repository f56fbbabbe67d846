private import Checkpoints
public import FaceVerification
private import Foundation
public import Images
private import NeuralNetworks
private import Tensors

/// Makes an attack set on disk, and continues one that was broken off.
///
/// | file | holds |
/// |------|-------|
/// | `settings.json` | thresholds, iterations, the embedder's checksum |
/// | `manifest.jsonl` | one ``AttackSetEntry`` a line; of a shard, `manifest-2-of-8.jsonl` |
/// | `sources/ID.png` | each source after the same steps as its adversarials |
/// | `theta-0.40/ID.png` | the adversarial pictures |
///
/// A pair's lines are written together, after its files, so that nothing is lost or doubled when
/// the process is killed at any moment.
public struct AttackSetWriter {
  /// The folder.
  public let folder: String
  /// What the set is made with.
  public let settings: AttackSetSettings
  private let manifestPath: String
  private let finished: Set<String>
  private let attack: MinimumNormAttack

  /// Opens or creates a set.
  ///
  /// - `shard`: this part of so many, counted from 0; each has a manifest of its own.
  /// - Throws: ``AttackSetError`` or what creating files throws.
  public init(
    folder: String, settings: AttackSetSettings, embedder: FaceEmbedder,
    shard: (index: Int, count: Int) = (0, 1)
  ) throws {
    (self.folder, self.settings) = (folder, settings)
    var attack = MinimumNormAttack(on: embedder)
    attack.iterations = settings.iterations
    self.attack = attack
    let name =
      shard.count == 1 ? "manifest.jsonl" : "manifest-\(shard.index)-of-\(shard.count).jsonl"
    manifestPath = folder + "/" + name
    let manager = FileManager.default
    for sub in ["sources"] + settings.thetas.map(Self.folderName) {
      try manager.createDirectory(
        atPath: folder + "/" + sub, withIntermediateDirectories: true)
    }
    let settingsPath = folder + "/settings.json"
    if let data = manager.contents(atPath: settingsPath) {
      guard (try? JSONDecoder().decode(AttackSetSettings.self, from: data)) == settings else {
        throw AttackSetError.otherSettings(folder: folder)
      }
    } else {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
      try AtomicFile.write(Array(try encoder.encode(settings)), to: settingsPath)
    }
    finished = try Self.recover(manifestPath, lines: settings.thetas.count)
  }

  /// The folder of a threshold's pictures.
  static func folderName(_ theta: Float) -> String {
    "theta-" + String(format: "%.2f", theta)
  }

  /// The pairs that are complete; what follows the last complete one is cut off.
  private static func recover(_ path: String, lines count: Int) throws -> Set<String> {
    guard let data = FileManager.default.contents(atPath: path) else { return [] }
    var byPair: [String: Int] = [:]
    var (whole, position) = (0, 0)
    let parts = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (number, part) in parts.dropLast().enumerated() {
      guard let entry = try? JSONDecoder().decode(AttackSetEntry.self, from: part) else {
        throw AttackSetError.badLine(file: path, line: number + 1)
      }
      position += part.count + 1
      byPair[entry.pair.id, default: 0] += 1
      if byPair[entry.pair.id] == count { whole = position }
    }
    if whole < data.count {
      // A pair whose lines are not all there was being written when the process ended.
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try handle.truncate(atOffset: UInt64(whole))
      try handle.close()
    }
    return Set(byPair.filter { $0.value == count }.keys)
  }

  /// Attacks all pairs that are not finished yet.
  ///
  /// - `picture`: gives an aligned face by name.
  /// - `progress`: called after each batch with the pairs done and to do.
  /// - Throws: what `picture` and writing files throw.
  public func write(
    _ pairs: [AttackPair], picture: (String) throws -> RGBImage,
    progress: (_ done: Int, _ total: Int) -> Void, shouldStop: () -> Bool = { false }
  ) throws {
    let open = pairs.filter { !finished.contains($0.id) }
    var done = pairs.count - open.count
    for first in stride(from: 0, to: open.count, by: attack.batch) {
      if shouldStop() { return }
      let part = Array(open[first..<min(open.count, first + attack.batch)])
      let sources = try part.map { try picture($0.source) }
      let targets = try part.map { try picture($0.target) }
      let goals = attack.embedder.unitEmbeddings(of: Variable(Tensor(targets))).value
      let results = attack.attack(sources, targets: goals, thetas: settings.thetas)
      var lines = Data()
      for (index, pair) in part.enumerated() {
        try sources[index].writePNG(to: folder + "/sources/\(pair.id).png")
        for result in results[index] {
          lines += try line(pair, result, goal: goals.entries(index..<index + 1))
        }
      }
      try append(lines)
      done += part.count
      progress(done, pairs.count)
    }
  }

  /// Writes a result's picture, measures the file, and describes both.
  private func line(_ pair: AttackPair, _ result: AttackResult, goal: Tensor) throws -> Data {
    var entry = AttackSetEntry(
      pair: pair, theta: result.theta, distanceBefore: result.distanceBefore,
      distanceAfter: result.distance, l2: result.perturbation.l2, rms: result.perturbation.rms,
      maximum: result.perturbation.maximum, gradients: result.gradients, success: false,
      sourceFile: "sources/\(pair.id).png")
    if result.distanceBefore < result.theta {
      entry.failure = .alreadyBelowTheta
    } else {
      let file = Self.folderName(result.theta) + "/\(pair.id).png"
      let bytes = try result.picture.pngData()
      let decoded = try RGBImage.decode(bytes, name: file).image
      entry.distanceAfter =
        attack.embedder.unitEmbeddings(of: Variable(Tensor([decoded])))
        .squaredRowDistances(to: Variable(goal)).value[0]
      entry.success = entry.distanceAfter < result.theta
      if entry.success {
        try AtomicFile.write(bytes, to: folder + "/" + file)
        entry.file = file
      } else {
        entry.failure = .notFound
      }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(entry) + Data("\n".utf8)
  }

  private func append(_ lines: Data) throws {
    if !FileManager.default.fileExists(atPath: manifestPath) {
      try AtomicFile.write([], to: manifestPath)
    }
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: manifestPath))
    try handle.seekToEnd()
    try handle.write(contentsOf: lines)
    try handle.synchronize()
    try handle.close()
  }
}
