import AttackSets
import Foundation
import TestSupport
import Testing

@Suite struct AttackPairsTests {
  static func temporary(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "facewarden-\(UUID().uuidString)"
    ).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try body(folder)
  }

  @Test("of a folder every picture is a source once, its target another person's") func folder()
    throws
  {
    try Self.temporary { folder in
      try SyntheticPeople.writeFolder(folder, people: 4, pictures: 3)
      try Data("no picture".utf8).write(to: URL(fileURLWithPath: folder + "/p0/notes.txt"))
      let pairs = try AttackPairs.folder(path: folder)
      #expect(pairs.count == 12 && Set(pairs.map(\.source)).count == 12)
      #expect(Set(pairs.map(\.id)).count == 12)
      for pair in pairs {
        #expect(pair.source.prefix { $0 != "/" } != pair.target.prefix { $0 != "/" })
      }
      #expect(try AttackPairs.folder(path: folder) == pairs)
      #expect(try AttackPairs.folder(path: folder, seed: 2) != pairs)
      #expect(try AttackPairs.folder(path: folder, limit: 5) == Array(pairs.prefix(5)))
    }
  }

  @Test("a folder without two people, and one that is not there, are named") func refused() throws {
    try Self.temporary { folder in
      try SyntheticPeople.writeFolder(folder, people: 1, pictures: 2)
      for path in [folder, folder + "/none"] {
        let error = #expect(throws: AttackSetError.self) { try AttackPairs.folder(path: path) }
        #expect(error.map { "\($0)".contains(path) } == true)
      }
    }
  }

  @Test("a CSV that is none is named with its line") func csv() throws {
    try Self.temporary { folder in
      let path = folder + "/pairs.csv"
      for (text, says) in [
        ("a,b\n", "first line"), ("source,target\nx,y\nz\n", "line 3"), ("\u{0}", "first line"),
      ] {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: AttackSetError.self) { try AttackPairs.csv(path: path) }
        #expect(error.map { "\($0)".contains(says) } == true)
      }
      try Data("source,target\nx,y\n".utf8).write(to: URL(fileURLWithPath: path))
      #expect(
        try AttackPairs.csv(path: path) == [
          AttackPair(id: "p000000", source: "x", target: "y")
        ])
    }
  }
}
