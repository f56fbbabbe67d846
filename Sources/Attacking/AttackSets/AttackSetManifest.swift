private import Files
internal import Foundation

/// The lines of one shard's manifest, and which pairs they complete.
final class AttackSetManifest {
  private let path: String
  private let finished: Set<String>

  /// Opens a manifest; what follows its last complete pair is cut off.
  ///
  /// - `lines`: of each pair under each attack, written together.
  /// - Throws: ``AttackSetError`` or what changing the file throws.
  init(path: String, lines count: Int) throws {
    self.path = path
    let data = FileManager.default.contents(atPath: path) ?? Data()
    var byPair: [String: Int] = [:]
    var (whole, position) = (0, 0)
    let parts = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (number, part) in parts.dropLast().enumerated() {
      guard let entry = try? JSONDecoder().decode(AttackSetEntry.self, from: part) else {
        throw AttackSetError.badLine(file: path, line: number + 1)
      }
      position += part.count + 1
      let key = Self.key(entry.pair.id, entry.attack)
      byPair[key, default: 0] += 1
      if byPair[key] == count { whole = position }
    }
    finished = Set(byPair.filter { $0.value == count }.keys)
    if whole < data.count {
      // A pair whose lines are not all there was being written when the process ended.
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try handle.truncate(atOffset: UInt64(whole))
      try handle.close()
    }
  }

  private static func key(_ pair: String, _ attack: String) -> String { "\(attack)/\(pair)" }

  /// Whether a pair is complete under an attack.
  func holds(_ pair: String, _ attack: String) -> Bool {
    finished.contains(Self.key(pair, attack))
  }

  /// Adds lines and waits until they are on the disk.
  func append(_ lines: Data) throws {
    if !FileManager.default.fileExists(atPath: path) { try AtomicFile.write([], to: path) }
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: lines)
    try handle.synchronize()
    try handle.close()
  }
}
