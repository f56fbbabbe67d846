import AdversarialAttacks
import FaceVerification
import Foundation
import Images
import TestSupport
import Testing

@Suite struct AttackSetTests {
  static let pairs = (0..<20).map {
    AttackPair(id: "p\($0)", source: "\($0)", target: "\($0 + 30)", fold: $0 % 2)
  }
  static let settings = AttackSetSettings(
    iterations: 4, thetas: [0.005, 0.01], embedder: "none")

  static func write(
    _ folder: String, _ settings: AttackSetSettings = settings,
    shard: (Int, Int) = (0, 1), limit: Int = .max
  ) throws {
    let writer = try AttackSetWriter(
      folder: folder, settings: settings, embedder: .tiny(), shard: shard)
    let mine = pairs.indices.filter { $0 % shard.1 == shard.0 }.map { pairs[$0] }
    var batches = 0
    try writer.write(
      mine,
      picture: { SyntheticPeople.picture(person: Int($0) ?? 0, variant: 0, side: 16) },
      progress: { _, _ in batches += 1 }, shouldStop: { batches >= limit })
  }

  static func temporary(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "facewarden-\(UUID().uuidString)"
    ).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test("a set broken off anywhere continues to the same entries") func resumes() throws {
    try Self.temporary { whole in
      try Self.write(whole)
      let expected = try AttackSet(folder: whole).entries
      #expect(expected.count == 40 && expected.contains { $0.success })
      let manifest = try Data(contentsOf: URL(fileURLWithPath: whole + "/manifest.jsonl"))
      for keep in [0, 10, manifest.count / 3, manifest.count - 1] {
        try manifest.prefix(keep).write(to: URL(fileURLWithPath: whole + "/manifest.jsonl"))
        try Self.write(whole)
        #expect(try AttackSet(folder: whole).entries == expected, "cut at byte \(keep)")
      }
    }
  }

  @Test("shards cover every pair once") func shards() throws {
    try Self.temporary { folder in
      for shard in 0..<3 { try Self.write(folder, shard: (shard, 3)) }
      let ids = try AttackSet(folder: folder).entries.map(\.pair.id)
      #expect(ids.count == 40 && Set(ids).count == 20)
    }
  }

  @Test("a set of other settings is left alone") func otherSettings() throws {
    try Self.temporary { folder in
      try Self.write(folder, limit: 1)
      var other = Self.settings
      other.iterations += 1
      #expect(throws: AttackSetError.otherSettings(folder: folder)) {
        try Self.write(folder, other)
      }
    }
  }

  @Test("a damaged line, a missing file and an empty folder are named") func damages() throws {
    try Self.temporary { folder in
      #expect(throws: AttackSetError.noSet(folder: folder)) { try AttackSet(folder: folder) }
      try Self.write(folder)
      let entry = try #require(try AttackSet(folder: folder).entries.first { $0.success })
      let file = try #require(entry.file)
      try FileManager.default.removeItem(atPath: folder + "/" + file)
      #expect(throws: AttackSetError.missingFile(file)) { try AttackSet(folder: folder) }
      try Data("{}\n".utf8).write(to: URL(fileURLWithPath: folder + "/manifest.jsonl"))
      #expect(throws: AttackSetError.badLine(file: "manifest.jsonl", line: 1)) {
        try AttackSet(folder: folder)
      }
    }
  }
}
