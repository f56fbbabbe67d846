private import Files
internal import Foundation

/// The lines of one shard's manifest, and which pairs they complete.
final class AttackSetManifest {
  private let path: String
  /// Of each pair under each attack, written together.
  private let linesOfPair: Int
  private var finished: Set<String> = []

  /// Reads a manifest, if there is one.
  ///
  /// - `lines`: of each pair under each attack, written together.
  /// - Throws: ``AttackSetError/badLine(file:line:)``.
  init(path: String, lines count: Int) throws {
    (self.path, linesOfPair) = (path, max(1, count))
    _ = try read()
  }

  /// Does work that adds lines, while no other program may.
  ///
  /// The manifest is read anew, for another program may have added to it, and what follows its last
  /// complete pair is cut off: that was being written when its program ended.
  ///
  /// - Throws: ``AttackSetError``, what changing the file throws, or what the work throws.
  func whileLocked(_ work: () throws -> Void) throws {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw FileError.unwritable(path: path, reason: lastSystemError())
    }
    // Closing the descriptor releases the lock.
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      if errno == EWOULDBLOCK { throw AttackSetError.busy(file: path) }
      throw FileError.unwritable(path: path, reason: lastSystemError())
    }
    let whole = try read()
    if whole.length < whole.size {
      let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
      try handle.truncate(atOffset: UInt64(whole.length))
    }
    try work()
  }

  /// Reads which pairs are complete: the length up to the end of the last one, and the file's size.
  private func read() throws -> (length: Int, size: Int) {
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
      // A pair that two programs wrote at once, before there was a lock, is there several times.
      if byPair[key, default: 0] % linesOfPair == 0 { whole = position }
    }
    finished = Set(byPair.filter { $0.value >= linesOfPair }.keys)
    return (whole, data.count)
  }

  private static func key(_ pair: String, _ attack: String) -> String { "\(attack)/\(pair)" }

  /// Whether a pair is complete under an attack.
  func holds(_ pair: String, _ attack: String) -> Bool {
    finished.contains(Self.key(pair, attack))
  }

  /// Adds lines and waits until they are on the disk.
  func append(_ lines: Data) throws {
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: lines)
    try handle.synchronize()
    try handle.close()
  }
}
