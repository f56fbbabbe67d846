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
/// | `enrolled/ID.png` | the enrolled face, where it is another than the target |
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
  private let networks: AttackNetworks
  private let manifest: AttackSetManifest
  /// Pairs that are worked on together; results do not depend on it.
  public var batch = 16

  /// Opens or creates a set of attacks that see neither f_V apart nor the screen.
  ///
  /// - `shard`: this part of so many, counted from 1; each has a manifest of its own.
  /// - Throws: ``AttackSetError`` or what creating files throws.
  public init(
    folder: String, settings: AttackSetSettings, attacks: [NamedAttack], victim: DecidingEmbedders,
    surrogate: DecidingEmbedders? = nil, shard: (number: Int, count: Int) = (1, 1)
  ) throws {
    try self.init(
      folder: folder, settings: settings, attacks: attacks,
      networks: AttackNetworks(victim: victim, surrogate: surrogate), shard: shard)
  }

  /// Opens or creates a set.
  ///
  /// - `shard`: this part of so many, counted from 1; each has a manifest of its own.
  /// - Precondition: the networks that the attacks see are given.
  /// - Throws: ``AttackSetError`` or what creating files throws.
  public init(
    folder: String, settings: AttackSetSettings, attacks: [NamedAttack], networks: AttackNetworks,
    shard: (number: Int, count: Int) = (1, 1)
  ) throws {
    (self.folder, self.settings, self.attacks) = (folder, settings, attacks)
    self.networks = networks
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

  /// Attacks all pairs that are not finished yet, in aligned faces.
  ///
  /// - `picture`: gives an aligned face by name.
  /// - `progress`: called after each batch with the attacked pairs done and to do, each pair
  ///   counted once for every attack.
  /// - Throws: ``AttackSetError/busy(file:)``, what `picture` and writing files throw.
  public func write(
    _ pairs: [AttackPair], picture: (String) throws -> RGBImage,
    progress: (_ done: Int, _ total: Int) -> Void, shouldStop: () -> Bool = { false }
  ) throws {
    try withoutActuallyEscaping(picture) { picture in
      try write(
        pairs, from: AttackPictures(face: picture), progress: progress, shouldStop: shouldStop)
    }
  }

  /// Attacks all pairs that are not finished yet.
  ///
  /// - `pictures`: give aligned faces by name, and photographs if changes are put into these.
  /// - `progress`: called after each batch with the attacked pairs done and to do, each pair
  ///   counted once for every attack.
  /// - Throws: ``AttackSetError/busy(file:)``, what `pictures` and writing files throw.
  public func write(
    _ pairs: [AttackPair], from pictures: AttackPictures,
    progress: (_ done: Int, _ total: Int) -> Void, shouldStop: () -> Bool = { false }
  ) throws {
    try manifest.whileLocked {
      try writeLocked(pairs, from: pictures, progress: progress, shouldStop: shouldStop)
    }
  }

  private func writeLocked(
    _ pairs: [AttackPair], from pictures: AttackPictures,
    progress: (_ done: Int, _ total: Int) -> Void, shouldStop: () -> Bool
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
        let work = try AttackSetBatch(open, pictures)
        try manifest.append(try faceless(work.withoutFace, attack))
        try manifest.append(try lines(work, attack))
        done += open.count
        progress(done, total)
      }
    }
  }

  /// Says of pairs that no face was found in one of the photographs.
  private func faceless(_ pairs: [AttackSetBatch.Faceless], _ attack: NamedAttack) throws -> Data {
    var lines = Data()
    for pair in pairs {
      try keep(pair.source, "sources/\(pair.pair.id).png")
      if let target = pair.target { try keep(target, "targets/\(pair.pair.id).png") }
      for theta in settings.thetas {
        var entry = AttackSetEntry(
          pair: pair.pair, attack: attack.name, settings: attack.attack.settings,
          seed: settings.seed, theta: theta, distanceBefore: 4, distanceInFloat: 4,
          distanceAfter: 4, l2: 0, rms: 0, maximum: 0, gradients: 0, queries: 0, success: false,
          failure: .noFace, sourceFile: "sources/\(pair.pair.id).png",
          targetFile: pair.target.map { _ in "targets/\(pair.pair.id).png" },
          embedder: settings.embedder)
        entry.isWhole = true
        lines += try line(entry)
      }
    }
    return lines
  }

  private func line(_ entry: AttackSetEntry) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(entry) + Data("\n".utf8)
  }

  /// Attacks a batch, writes its pictures, and describes them.
  private func lines(_ work: AttackSetBatch, _ attack: NamedAttack) throws -> Data {
    if work.pairs.isEmpty { return Data() }
    let batch = work.batch(
      names: work.pairs.map { "\(attack.name)/\($0.id)" }, seed: settings.seed, networks)
    let results = attack.attack.attack(batch, thetas: settings.thetas)
    let criterion = EmbeddingDistance(
      networks.victim, targets: Tensor(work.enrolled ?? work.targets))
    var lines = Data()
    for (index, pair) in work.pairs.enumerated() {
      try keep(work.files[index], "sources/\(pair.id).png")
      try keep(work.targets[index], "targets/\(pair.id).png")
      if let enrolled = work.enrolled {
        try FileManager.default.createDirectory(
          atPath: folder + "/enrolled", withIntermediateDirectories: true)
        try keep(enrolled[index], "enrolled/\(pair.id).png")
      }
      for result in results[index] {
        lines += try line(
          try entry(
            pair, attack, result, { criterion.distance(of: $0, row: index) }, work.places?[index]))
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
  ///
  /// - `distance`: of a face, as it decides.
  /// - `photograph`: that the change was put into, if it was.
  private func entry(
    _ pair: AttackPair, _ attack: NamedAttack, _ result: AttackResult,
    _ distance: (RGBImage) -> Float, _ photograph: AttackedPhotograph?
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
    entry.knowledge = attack.knowledge(
      decider: settings.embedderName ?? FaceEmbedder.modelName,
      surrogate: settings.surrogate.map { settings.surrogateName ?? $0 })
    let ratio = result.peakSignalToNoise
    entry.psnr = ratio.isFinite ? ratio : nil
    entry.ssim = result.structuralSimilarity
    entry.tampering = result.tampering
    entry.enrolledFile = pair.enrolled.map { _ in "enrolled/\(pair.id).png" }
    entry.isWhole = photograph.map { _ in true }
    let wasBelow = result.distanceBefore < result.theta
    if !wasBelow || attack.isForEveryTheta {
      let file = Self.folderName(attack, result.theta) + "/\(pair.id).png"
      let bytes = try result.picture.pngData()
      // What counts is the file: it is decoded and measured again.
      let decoded = try RGBImage.decode(bytes, name: file).image
      let face = photograph.map { $0.found(in: decoded) } ?? decoded
      entry.distanceAfter = face.map(distance) ?? 4
      try AtomicFile.write(bytes, to: folder + "/" + file)
      entry.file = file
      let isLetPass = result.tampering.map { $0 < (result.tamperingLimit ?? 0) } ?? true
      entry.success = !wasBelow && entry.distanceAfter < result.theta && isLetPass
    }
    if !entry.success { entry.failure = wasBelow ? .alreadyBelowTheta : .notFound }
    return entry
  }
}
