private import Foundation

/// An attack set as it lies on disk.
public struct AttackSet: Sendable {
  /// The folder.
  public let folder: String
  /// What it was made with.
  public let settings: AttackSetSettings
  /// All entries, of all shards, ordered by pair and θ.
  public let entries: [AttackSetEntry]

  /// Reads a set; a torn last line, of a set still being written, is left out.
  ///
  /// - Throws: ``AttackSetError``.
  public init(folder: String) throws {
    self.folder = folder
    let manager = FileManager.default
    let names = ((try? manager.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    guard let data = manager.contents(atPath: folder + "/settings.json"),
      let settings = try? JSONDecoder().decode(AttackSetSettings.self, from: data)
    else { throw AttackSetError.noSet(folder: folder) }
    self.settings = settings
    var entries: [AttackSetEntry] = []
    for name in names where name.hasPrefix("manifest") && name.hasSuffix(".jsonl") {
      let data = manager.contents(atPath: folder + "/" + name) ?? Data()
      let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      for (number, line) in lines.dropLast().enumerated() {
        guard let entry = try? JSONDecoder().decode(AttackSetEntry.self, from: line) else {
          throw AttackSetError.badLine(file: name, line: number + 1)
        }
        for file in [entry.file, entry.sourceFile].compactMap({ $0 })
        where !manager.fileExists(atPath: folder + "/" + file) {
          throw AttackSetError.missingFile(file)
        }
        entries.append(entry)
      }
    }
    guard !entries.isEmpty else { throw AttackSetError.noSet(folder: folder) }
    self.entries = entries.sorted { ($0.pair.id, $0.theta) < ($1.pair.id, $1.theta) }
  }

  /// What came of the attacks at one threshold.
  public struct Summary: Codable, Sendable {
    /// The threshold.
    public var theta: Float
    /// Pairs that were no match before, and those of them that became one.
    public var attacked, succeeded: Int
    /// Pairs that matched before.
    public var alreadyBelow: Int
    /// Median root mean square and L2 of the successful changes, in grey levels.
    public var medianRMS, medianL2: Double
    /// Gradients for each attacked pair.
    public var meanGradients: Double
  }

  /// A summary for each threshold.
  public var summaries: [Summary] {
    settings.thetas.map { theta in
      let all = entries.filter { $0.theta == theta }
      let attacked = all.filter { $0.failure != .alreadyBelowTheta }
      let found = attacked.filter(\.success)
      func median(_ values: [Double]) -> Double {
        values.isEmpty ? .nan : values.sorted()[values.count / 2]
      }
      return Summary(
        theta: theta, attacked: attacked.count, succeeded: found.count,
        alreadyBelow: all.count - attacked.count, medianRMS: median(found.map(\.rms)),
        medianL2: median(found.map(\.l2)),
        meanGradients: Double(attacked.reduce(0) { $0 + $1.gradients })
          / Double(max(1, attacked.count)))
    }
  }
}
