public import Attacks
public import Embedders
private import Files
private import Foundation
public import Images
private import JSON
private import NeuralNetworks
private import PictureTensors
private import Tensors

/// Makes an attack set on disk, and continues one that was broken off.
///
/// | file | holds |
/// |------|-------|
/// | `settings.json` | ``AttackSetSettings`` |
/// | `manifest.jsonl` | one ``AttackSetEntry`` a line; of a shard, `manifest-2-of-8.jsonl` |
/// | `sources/ID.png`, `targets/ID.png` | each pair after the same steps as its adversarials |
/// | `ATTACK/theta-0.40/ID.png` | the adversarial pictures |
/// | `CONTROL/ID.png` | what does not depend on θ |
///
/// The lines of a pair under an attack are written together, after the files, so that nothing is
/// lost or doubled when the process is killed at any moment.
public struct AttackSetWriter {
  /// The folder.
  public let folder: String
  /// What the set is made with.
  public let settings: AttackSetSettings
  private let attacks: [NamedAttack]
  private let victim: FaceEmbedder
  private let surrogate: FaceEmbedder?
  private let manifest: AttackSetManifest
  /// Pairs that are worked on together; results do not depend on it.
  public var batch = 16

  /// Opens or creates a set.
  ///
  /// - `shard`: this part of so many, counted from 1; each has a manifest of its own.
  /// - Throws: ``AttackSetError`` or what creating files throws.
  public init(
    folder: String, settings: AttackSetSettings, attacks: [NamedAttack], victim: FaceEmbedder,
    surrogate: FaceEmbedder? = nil, shard: (number: Int, count: Int) = (1, 1)
  ) throws {
    (self.folder, self.settings, self.attacks) = (folder, settings, attacks)
    (self.victim, self.surrogate) = (victim, surrogate)
    let manager = FileManager.default
    try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
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
    let folders = attacks.flatMap { attack in
      settings.thetas.map { Self.folderName(attack, $0) }
    }
    for sub in Set(["sources", "targets"] + folders) {
      try manager.createDirectory(
        atPath: folder + "/" + sub, withIntermediateDirectories: true)
    }
    let name =
      shard.count == 1 ? "manifest.jsonl" : "manifest-\(shard.number)-of-\(shard.count).jsonl"
    manifest = try AttackSetManifest(path: folder + "/" + name, lines: settings.thetas.count)
  }

  /// The folder of an attack's pictures at a threshold.
  static func folderName(_ attack: NamedAttack, _ theta: Float) -> String {
    if attack.isForEveryTheta { return attack.name }
    let short = String(format: "%.2f", theta)
    return "\(attack.name)/theta-" + (Float(short) == theta ? short : "\(theta)")
  }

  /// Attacks all pairs that are not finished yet.
  ///
  /// - `picture`: gives an aligned face by name.
  /// - `progress`: called after each batch with the attacked pairs done and to do, each pair
  ///   counted once for every attack.
  /// - Throws: what `picture` and writing files throw.
  public func write(
    _ pairs: [AttackPair], picture: (String) throws -> RGBImage,
    progress: (_ done: Int, _ total: Int) -> Void, shouldStop: () -> Bool = { false }
  ) throws {
    let total = pairs.count * attacks.count
    var done = attacks.reduce(0) { sum, attack in
      sum + pairs.count { manifest.holds($0.id, attack.name) }
    }
    progress(done, total)
    for first in stride(from: 0, to: pairs.count, by: batch) {
      let part = pairs[first..<min(pairs.count, first + batch)]
      for attack in attacks {
        let open = part.filter { !manifest.holds($0.id, attack.name) }
        if open.isEmpty { continue }
        if shouldStop() { return }
        let batch = AttackBatch(
          sources: try open.map { try picture($0.source) },
          targets: try open.map { try picture($0.target) },
          names: open.map { "\(attack.name)/\($0.id)" }, seed: settings.seed, victim: victim,
          surrogate: surrogate)
        try manifest.append(try lines(Array(open), attack, batch))
        done += open.count
        progress(done, total)
      }
    }
  }

  /// Attacks a batch, writes its pictures, and describes them.
  private func lines(
    _ pairs: [AttackPair], _ attack: NamedAttack, _ batch: AttackBatch
  ) throws -> Data {
    let results = attack.attack.attack(batch, thetas: settings.thetas)
    let targets = victim.unitEmbeddings(of: Variable(Tensor(batch.targets))).value
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var lines = Data()
    for (index, pair) in pairs.enumerated() {
      try keep(batch.sources[index], "sources/\(pair.id).png")
      try keep(batch.targets[index], "targets/\(pair.id).png")
      for result in results[index] {
        let target = targets.entries(index..<index + 1)
        lines += try encoder.encode(try entry(pair, attack, result, target))
        lines += Data("\n".utf8)
      }
    }
    return lines
  }

  /// Writes a picture that other attacks of the set may have written already.
  private func keep(_ picture: RGBImage, _ file: String) throws {
    let path = folder + "/" + file
    if !FileManager.default.fileExists(atPath: path) { try picture.writePNG(to: path) }
  }

  /// Writes a result's picture, measures the file, and describes both.
  private func entry(
    _ pair: AttackPair, _ attack: NamedAttack, _ result: AttackResult, _ target: Tensor
  ) throws -> AttackSetEntry {
    var entry = AttackSetEntry(
      pair: pair, attack: attack.name, settings: attack.attack.settings, seed: settings.seed,
      theta: result.theta, distanceBefore: result.distanceBefore,
      distanceInFloat: result.distanceInFloat, distanceAfter: result.distance,
      l2: result.perturbation.l2, rms: result.perturbation.rms,
      maximum: result.perturbation.maximum, gradients: result.gradients,
      queries: result.queries, success: false, sourceFile: "sources/\(pair.id).png",
      targetFile: "targets/\(pair.id).png", embedder: settings.embedder,
      surrogate: settings.surrogate)
    let wasBelow = result.distanceBefore < result.theta
    if !wasBelow || attack.isForEveryTheta {
      let file = Self.folderName(attack, result.theta) + "/\(pair.id).png"
      let bytes = try result.picture.pngData()
      // What counts is the file: it is decoded and measured again.
      let decoded = try RGBImage.decode(bytes, name: file).image
      entry.distanceAfter =
        victim.unitEmbeddings(of: Variable(Tensor([decoded])))
        .squaredRowDistances(to: Variable(target)).value[0]
      try AtomicFile.write(bytes, to: folder + "/" + file)
      entry.file = file
      entry.success = !wasBelow && entry.distanceAfter < result.theta
    }
    if !entry.success { entry.failure = wasBelow ? .alreadyBelowTheta : .notFound }
    return entry
  }
}
