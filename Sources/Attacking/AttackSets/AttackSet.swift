private import JSON
private import Foundation

/// An attack set as it lies on disk.
public struct AttackSet: Sendable {
  /// The folder.
  public let folder: String
  /// What it was made with.
  public let settings: AttackSetSettings
  /// All entries, of all shards, each once, ordered by pair, attack and θ.
  public let entries: [AttackSetEntry]

  /// Reads a set; a torn last line, of a set still being written, is left out.
  ///
  /// - Throws: ``AttackSetError``.
  public init(folder: String) throws {
    let manager = FileManager.default
    let names = ((try? manager.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    guard let data = manager.contents(atPath: folder + "/settings.json"),
      let settings = try? JSONDocument.decoded(AttackSetSettings.self, from: Array(data))
    else { throw AttackSetError.noSet(folder: folder) }
    var entries: [AttackSetEntry] = []
    var seen: Set<Key> = []
    for name in names where name.hasPrefix("manifest") && name.hasSuffix(".jsonl") {
      let data = manager.contents(atPath: folder + "/" + name) ?? Data()
      let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      for (number, line) in lines.dropLast().enumerated() {
        guard let entry = try? JSONDocument.decoded(AttackSetEntry.self, from: Array(line)) else {
          throw AttackSetError.badLine(file: name, line: number + 1)
        }
        for file in [entry.file, entry.sourceFile, entry.targetFile].compactMap({ $0 })
        where !manager.fileExists(atPath: folder + "/" + file) {
          throw AttackSetError.missingFile(file)
        }
        let key = Key(pair: entry.pair.id, attack: entry.attack, theta: entry.theta)
        // Programs that wrote one manifest at once, before it was locked, wrote pairs several times.
        if seen.insert(key).inserted { entries.append(entry) }
      }
    }
    guard !entries.isEmpty else { throw AttackSetError.noSet(folder: folder) }
    self.init(
      folder: folder, settings: settings,
      entries: entries.sorted {
        ($0.pair.id, $0.attack, $0.theta) < ($1.pair.id, $1.attack, $1.theta)
      })
  }

  /// What one entry is about.
  private struct Key: Hashable {
    let pair: String
    let attack: String
    let theta: Float
  }

  private init(folder: String, settings: AttackSetSettings, entries: [AttackSetEntry]) {
    (self.folder, self.settings, self.entries) = (folder, settings, entries)
  }

  /// The part of the set that one attack made.
  ///
  /// - `name`: of the attack; may be left out if the set holds only one.
  /// - Throws: ``AttackSetError``.
  public func part(of name: String?) throws(AttackSetError) -> AttackSet {
    let names = settings.attacks.map(\.name)
    guard let name = name ?? (names.count == 1 ? names[0] : nil) else {
      throw .severalAttacks(folder: folder, names: names)
    }
    guard names.contains(name) else {
      throw .noSuchAttack(folder: folder, name: name, names: names)
    }
    var settings = settings
    settings.attacks = settings.attacks.filter { $0.name == name }
    return AttackSet(
      folder: folder, settings: settings, entries: entries.filter { $0.attack == name })
  }

  /// What came of one attack at one threshold.
  public struct Summary: Codable, Sendable {
    /// The attack's name.
    public var attack: String
    /// The threshold.
    public var theta: Float
    /// Pairs that were no match before, and those of them that became one.
    public var attacked, succeeded: Int
    /// Pairs that matched before.
    public var alreadyBelow: Int
    /// Medians of the successful changes, in grey levels; none if nothing succeeded.
    public var medianRMS, medianL2, medianMaximum: Double?
    /// Gradients and queries for each attacked pair, for all thresholds of the set together.
    public var meanGradients, meanQueries: Double
  }

  /// A summary for each attack at each threshold, in the order of the settings.
  public var summaries: [Summary] {
    settings.attacks.flatMap { method in
      settings.thetas.map { theta in
        let all = entries.filter { $0.attack == method.name && $0.theta == theta }
        let attacked = all.filter { $0.failure != .alreadyBelowTheta }
        let found = attacked.filter(\.success)
        func median(_ values: [Double]) -> Double? {
          values.isEmpty ? nil : values.sorted()[values.count / 2]
        }
        func mean(_ values: [Int]) -> Double {
          Double(values.reduce(0, +)) / Double(max(1, values.count))
        }
        return Summary(
          attack: method.name, theta: theta, attacked: attacked.count, succeeded: found.count,
          alreadyBelow: all.count - attacked.count, medianRMS: median(found.map(\.rms)),
          medianL2: median(found.map(\.l2)),
          medianMaximum: median(found.map { Double($0.maximum) }),
          meanGradients: mean(attacked.map(\.gradients)),
          meanQueries: mean(attacked.map(\.queries)))
      }
    }
  }
}
