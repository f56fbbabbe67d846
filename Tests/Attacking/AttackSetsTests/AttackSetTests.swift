import AttackSets
import Attacks
import Embedders
import Foundation
import Images
import TestSupport
import Testing

@Suite struct AttackSetTests {
  static let pairs = (0..<20).map {
    AttackPair(id: "p\($0)", source: "\($0)", target: "\($0 + 30)", fold: $0 % 2)
  }
  static let attacks = [
    NamedAttack("minimum-norm", "", MinimumNormAttack(iterations: 4, approach: 2)),
    NamedAttack("gamma", "", BenignChange.gamma(0.9), needs: .control),
    NamedAttack("square", "", SquareAttack(budgets: [8], rounds: 5), needs: .queries),
  ]
  static let settings = AttackSetSettings(
    attacks: attacks, thetas: [0.005, 0.01], embedder: "none")

  static func write(
    _ folder: String, _ settings: AttackSetSettings = settings, _ attacks: [NamedAttack] = attacks,
    shard: (Int, Int) = (1, 1), limit: Int = .max
  ) throws {
    let writer = try AttackSetWriter(
      folder: folder, settings: settings, attacks: attacks, victim: DecidingEmbedders(.tiny()),
      shard: shard)
    let mine = pairs.indices.filter { $0 % shard.1 == shard.0 - 1 }.map { pairs[$0] }
    var batches = 0
    try writer.write(
      mine,
      picture: { SyntheticPeople.picture(person: Int($0) ?? 0, variant: 0, side: 16) },
      progress: { _, _ in batches += 1 }, shouldStop: { batches > limit })
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
      #expect(expected.count == 120 && expected.contains { $0.success })
      let manifest = try Data(contentsOf: URL(fileURLWithPath: whole + "/manifest.jsonl"))
      for keep in [0, 10, manifest.count / 3, manifest.count / 2, manifest.count - 1] {
        try manifest.prefix(keep).write(to: URL(fileURLWithPath: whole + "/manifest.jsonl"))
        try Self.write(whole)
        #expect(try AttackSet(folder: whole).entries == expected, "cut at byte \(keep)")
      }
    }
  }

  @Test("a set stopped between batches continues to the same entries") func stops() throws {
    try Self.temporary { whole in
      try Self.write(whole)
      try Self.temporary { parts in
        for limit in 1...6 { try Self.write(parts, limit: limit) }
        #expect(try AttackSet(folder: parts).entries == AttackSet(folder: whole).entries)
      }
    }
  }

  @Test("shards are numbered from 1 and cover every pair once") func shards() throws {
    try Self.temporary { folder in
      for shard in 1...3 { try Self.write(folder, shard: (shard, 3)) }
      for shard in 1...3 {
        #expect(FileManager.default.fileExists(atPath: "\(folder)/manifest-\(shard)-of-3.jsonl"))
      }
      let set = try AttackSet(folder: folder).part(of: "minimum-norm")
      let ids = set.entries.map(\.pair.id)
      #expect(ids.count == 40 && Set(ids).count == 20)
    }
  }

  @Test("of two writers of one manifest the second is told, and no pair is doubled") func busy()
    throws
  {
    try Self.temporary { folder in
      let writer = try AttackSetWriter(
        folder: folder, settings: Self.settings, attacks: Self.attacks,
        victim: DecidingEmbedders(.tiny()))
      var refused = 0
      try writer.write(
        Array(Self.pairs.prefix(2)),
        picture: { name in
          #expect(throws: AttackSetError.busy(file: folder + "/manifest.jsonl")) {
            try Self.write(folder)
          }
          // Another shard has a manifest of its own.
          if refused == 0 { try Self.write(folder, shard: (2, 2)) }
          refused += 1
          return SyntheticPeople.picture(person: Int(name) ?? 0, variant: 0, side: 16)
        }, progress: { _, _ in })
      #expect(refused > 0)
      try Self.write(folder)
      #expect(try AttackSet(folder: folder).entries.count == 120)
    }
  }

  @Test("pairs that were written twice count once, and are not made again") func doubled() throws {
    try Self.temporary { folder in
      try Self.write(folder)
      let expected = try AttackSet(folder: folder).entries
      let path = URL(fileURLWithPath: folder + "/manifest.jsonl")
      let lines = try Data(contentsOf: path)
      try (lines + lines).write(to: path)
      #expect(try AttackSet(folder: folder).entries == expected)
      try Self.write(folder)
      #expect(try Data(contentsOf: path) == lines + lines)
    }
  }

  @Test("files lie where the entries say, and are what the entries say") func files() throws {
    try Self.temporary { folder in
      try Self.write(folder)
      for entry in try AttackSet(folder: folder).entries {
        let below = entry.failure == .alreadyBelowTheta
        #expect(below == (entry.distanceBefore < entry.theta))
        #expect((entry.file == nil) == (below && entry.attack != "gamma"))
        #expect(entry.success == (!below && entry.distanceAfter < entry.theta))
        guard let file = entry.file else { continue }
        let level = entry.theta == 0.01 ? "0.01" : "0.005"
        #expect(
          file
            == (entry.attack == "gamma"
              ? "gamma/\(entry.pair.id).png"
              : "\(entry.attack)/theta-\(level)/\(entry.pair.id).png"))
        let changed = try RGBImage.read(path: folder + "/" + file).image
        let source = try RGBImage.read(path: folder + "/" + entry.sourceFile).image
        let change = Perturbation(from: source, to: changed)
        #expect(change.l2 == entry.l2 && change.maximum == entry.maximum)
        let target = try RGBImage.read(path: folder + "/" + #require(entry.targetFile)).image
        #expect(abs(TinyPairs.distance(changed, target) - entry.distanceAfter) < 1e-5)
      }
    }
  }

  @Test("a set of other settings is left alone") func otherSettings() throws {
    try Self.temporary { folder in
      try Self.write(folder, limit: 1)
      let longer = [NamedAttack("minimum-norm", "", MinimumNormAttack(iterations: 5))]
      for other in [
        AttackSetSettings(attacks: longer, thetas: Self.settings.thetas, embedder: "none"),
        AttackSetSettings(attacks: Self.attacks, thetas: [0.01], embedder: "none"),
        AttackSetSettings(attacks: Self.attacks, thetas: [0.005, 0.01], embedder: "other"),
        AttackSetSettings(
          attacks: Self.attacks, thetas: [0.005, 0.01], seed: 2, embedder: "none"),
      ] {
        #expect(throws: AttackSetError.otherSettings(folder: folder)) {
          try Self.write(folder, other, Self.attacks)
        }
      }
    }
  }

  @Test("one attack's part of a set is asked for by name") func parts() throws {
    try Self.temporary { folder in
      try Self.write(folder)
      let set = try AttackSet(folder: folder)
      let names = ["minimum-norm", "gamma", "square"]
      #expect(throws: AttackSetError.severalAttacks(folder: folder, names: names)) {
        try set.part(of: nil)
      }
      #expect(throws: AttackSetError.noSuchAttack(folder: folder, name: "pgd", names: names)) {
        try set.part(of: "pgd")
      }
      let part = try set.part(of: "square")
      #expect(part.entries.count == 40 && part.entries.allSatisfy { $0.attack == "square" })
      #expect(try part.part(of: nil).entries == part.entries)
      #expect(set.summaries.map(\.attack) == names.flatMap { [$0, $0] })
      for row in set.summaries {
        #expect(row.attacked + row.alreadyBelow == 20 && row.succeeded <= row.attacked)
      }
    }
  }

  @Test("a set of the first format is read, and not continued") func firstFormat() throws {
    try Self.temporary { folder in
      let manager = FileManager.default
      for sub in ["sources", "theta-0.40"] {
        try manager.createDirectory(
          atPath: folder + "/" + sub, withIntermediateDirectories: true)
      }
      for file in ["sources/f01-0000-a.png", "theta-0.40/f01-0000-a.png"] {
        try TinyPairs.sources[0].writePNG(to: folder + "/" + file)
      }
      try Data(
        #"{"attack":"minimum-norm","embedder":"abc","iterations":12,"thetas":[0.4]}"#.utf8
      ).write(to: URL(fileURLWithPath: folder + "/settings.json"))
      let line =
        #"{"distance2_after":0.39,"distance2_before":1.5,"file":"theta-0.40/f01-0000-a.png","#
        + #""gradients":12,"l2":20,"linf":7,"pair":{"fold":0,"id":"f01-0000-a","source":"a","#
        + #""target":"b"},"rms_grey_levels":0.7,"source_file":"sources/f01-0000-a.png","#
        + #""success":true,"theta":0.4}"# + "\n"
      try Data(line.utf8).write(to: URL(fileURLWithPath: folder + "/manifest.jsonl"))
      let set = try AttackSet(folder: folder).part(of: nil)
      #expect(set.settings.attacks.map(\.name) == ["minimum-norm"])
      #expect(set.settings.version == 1 && set.settings.embedder == "abc")
      #expect(set.entries.count == 1 && set.entries[0].success)
      #expect(set.entries[0].attack == "minimum-norm" && set.entries[0].distanceInFloat == 0.39)
      #expect(throws: AttackSetError.otherSettings(folder: folder)) { try Self.write(folder) }
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
