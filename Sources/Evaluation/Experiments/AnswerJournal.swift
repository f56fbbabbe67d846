private import Files
private import Foundation
private import JSON

/// Lines of answers that are kept as they come, so that an interrupted evaluation asks nothing twice.
///
/// Each shard writes a file of its own; all files of the folder are read. A torn last line, of a process
/// that was killed, is written anew.
struct AnswerJournal<Line: Codable & Sendable> {
  private let path: String
  /// All lines by their name, of all shards.
  private(set) var lines: [String: Line] = [:]
  private let name: (Line) -> String

  /// Opens the journals of a folder, which is made if it is not there.
  ///
  /// - Parameters:
  ///   - folder: where they lie.
  ///   - stem: what their names begin with.
  ///   - shard: which of them is written, counted from 1.
  ///   - name: of a line, unique among all.
  /// - Throws: ``DoorStateError/badLine(file:line:)`` or what reading and writing files throws.
  init(
    folder: String, stem: String, shard: (number: Int, count: Int), name: @escaping (Line) -> String
  ) throws {
    self.name = name
    let manager = FileManager.default
    try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let own = shard.count == 1 ? "\(stem).jsonl" : "\(stem)-\(shard.number)-of-\(shard.count).jsonl"
    path = folder + "/" + own
    for file in try FolderListing.names(in: folder).sorted()
    where file.hasPrefix(stem) && file.hasSuffix(".jsonl") {
      let data = manager.contents(atPath: folder + "/" + file) ?? Data()
      var whole = 0
      let parts = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      for (number, part) in parts.dropLast().enumerated() {
        guard let line = try? JSONDocument.decoded(Line.self, from: Array(part)) else {
          throw DoorStateError.badLine(file: folder + "/" + file, line: number + 1)
        }
        whole += part.count + 1
        lines[name(line)] = line
      }
      if file == own && whole < data.count {
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.truncate(atOffset: UInt64(whole))
        try handle.close()
      }
    }
  }

  /// Adds lines and waits until they are on the disk.
  mutating func append(_ added: [Line]) throws {
    if added.isEmpty { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var data = Data()
    for line in added {
      data += try encoder.encode(line) + Data("\n".utf8)
      lines[name(line)] = line
    }
    if !FileManager.default.fileExists(atPath: path) { try AtomicFile.write([], to: path) }
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: data)
    try handle.synchronize()
    try handle.close()
  }
}
