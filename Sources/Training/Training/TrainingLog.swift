private import Checkpoints
private import Files
private import Foundation

/// Why the log of a training cannot be used.
public enum TrainingLogError: Error, Equatable, CustomStringConvertible {
  /// A line is not an object of numbers with `step` and `total`.
  case malformed(path: String, line: Int)
  /// The file cannot be read or written.
  case unusable(path: String, reason: String)

  public var description: String {
    switch self {
    case .malformed(let path, let line):
      "line \(line) of '\(path)' is no progress of a training; expected a JSON object of numbers "
        + "with step and total"
    case .unusable(let path, let reason): "the log '\(path)' cannot be used: \(reason)"
    }
  }
}

/// The progress of a training as a file of JSON lines, one object of numbers for each report.
///
///     {"accuracy":0.25,"loss":1.5,"step":25,"total":3920}
///
/// Nothing in it depends on the clock.
public struct TrainingLog: Equatable, Sendable {
  /// The file.
  public let path: String

  /// One report.
  public struct Entry: Equatable, Sendable {
    /// Steps taken and steps in all.
    public let step, total: Int
    /// Averages since the report before, by name.
    public let values: [String: Double]
  }

  /// Names a file that may not exist yet.
  public init(path: String) { self.path = path }

  /// The reports so far, ascending; none if there is no file.
  ///
  /// A last line without its end, left by a process that was ended while it wrote, does not count.
  ///
  /// - Throws: ``TrainingLogError``.
  public func entries() throws(TrainingLogError) -> [Entry] {
    try lines().enumerated().map { index, line throws(TrainingLogError) in
      guard let entry = Self.entry(line) else {
        throw .malformed(path: path, line: index + 1)
      }
      return entry
    }
  }

  /// Removes the reports after `step`, as a whole or not at all.
  ///
  /// - Throws: ``TrainingLogError`` or `CheckpointError`.
  public func truncate(toStep step: Int) throws {
    guard FileManager.default.fileExists(atPath: path) else { return }
    let kept = try zip(lines(), entries()).filter { $1.step <= step }.map { $0.0 + "\n" }
    try AtomicFile.write(Array(kept.joined().utf8), to: path)
  }

  /// Adds a report, on the disk when this returns.
  ///
  /// - Throws: ``TrainingLogError``.
  func append(_ progress: TrainingProgress) throws {
    try append(step: progress.step, of: progress.total, progress.values)
  }

  /// Adds values measured at a step, on the disk when this returns.
  ///
  /// - Throws: ``TrainingLogError``.
  public func append(step: Int, of total: Int, _ values: [(name: String, value: Double)]) throws {
    var members = Dictionary(values.map { ($0.name, $0.value) }) { first, _ in first }
    (members["step"], members["total"]) = (Double(step), Double(total))
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let line = try encoder.encode(members) + Data("\n".utf8)
    do {
      if !FileManager.default.fileExists(atPath: path) {
        try Data().write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
      }
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      defer { try? file.close() }
      try file.seekToEnd()
      try file.write(contentsOf: line)
      try file.synchronize()
    } catch {
      throw TrainingLogError.unusable(path: path, reason: error.localizedDescription)
    }
  }

  private func lines() throws(TrainingLogError) -> [String] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .unusable(path: path, reason: "it is no readable file")
    }
    return String(decoding: data, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }

  private static func entry(_ line: String) -> Entry? {
    guard var members = try? JSONDecoder().decode([String: Double].self, from: Data(line.utf8)),
      let step = members.removeValue(forKey: "step").flatMap({ Int(exactly: $0) }),
      let total = members.removeValue(forKey: "total").flatMap({ Int(exactly: $0) })
    else { return nil }
    return Entry(step: step, total: total, values: members)
  }
}
