import Foundation
import TestSupport
import Testing

/// Folders as people keep them: with links, names of any kind, and things that cannot be read.
@Suite(.enabled(if: Tool.hasModels, "needs models/ and samples/")) struct FolderCommandTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private let root = TestProducts.packageRoot.path
  private let manager = FileManager.default

  @Test("find and align follow links, and tell of what cannot be looked at with status 2")
  func links() throws {
    try withFolder { folder in
      try manager.createDirectory(atPath: folder + "/in", withIntermediateDirectories: true)
      try manager.createSymbolicLink(
        atPath: folder + "/in/person", withDestinationPath: root + "/samples/whole/person-00008")
      try manager.createSymbolicLink(
        atPath: folder + "/way", withDestinationPath: folder + "/in/person")
      let count = try manager.contentsOfDirectory(atPath: root + "/samples/whole/person-00008")
        .count
      for path in ["/in", "/way"] {
        let run = try Tool.run(["find", folder + path])
        #expect(run.status == 0 && run.output.split(separator: "\n").count == count)
      }
      try manager.createSymbolicLink(atPath: folder + "/in/gone", withDestinationPath: "nowhere")
      let run = try Tool.run(["find", folder + "/in"])
      #expect(run.status == 2 && run.output.split(separator: "\n").count == count + 1)
      #expect(run.output.contains("in/gone' is left out"))
      let aligned = try Tool.run(["align", folder + "/in", "-o", folder + "/out"])
      #expect(aligned.status == 2)
      #expect(aligned.output == "aligned \(count) of \(count + 1) pictures\n", "\(aligned.output)")
      let skipped = try String(contentsOfFile: folder + "/out/skipped.csv", encoding: .utf8)
      #expect(skipped.contains("in/gone"))
    }
  }

  @Test("pictures whose names Unicode calls equivalent are two pictures") func equivalentNames()
    throws
  {
    try withFolder { folder in
      for name in ["\u{E9}", "e\u{301}"] {
        try manager.createDirectory(
          atPath: folder + "/in/\(name)", withIntermediateDirectories: true)
        try manager.copyItem(
          atPath: root + "/samples/whole/person-00008/000.jpg", toPath: folder + "/in/\(name)/a.jpg"
        )
      }
      let run = try Tool.run(["align", folder + "/in", "-o", folder + "/out"])
      #expect(run.output == "aligned 2 of 2 pictures\n", "\(run.words)")
      #expect(try manager.contentsOfDirectory(atPath: folder + "/out").count == 4)
    }
  }

  @Test("figures are not measured on the half of a folder that can be read") func datasets() throws
  {
    try withFolder { folder in
      try manager.copyItem(atPath: root + "/samples/aligned", toPath: folder + "/set")
      let whole = try Tool.run(["evaluate", "verification", folder + "/set"])
      #expect(whole.status == 0, "\(whole.words)")
      try manager.createSymbolicLink(
        atPath: folder + "/set/person-x", withDestinationPath: folder + "/nowhere")
      let half = try Tool.run(["evaluate", "verification", folder + "/set"])
      #expect(half.status == 2 && half.words.contains("person-x"), "\(half.words)")
    }
  }

  @Test(
    "a picture is not written under the name of another format",
    arguments: [
      ["reconstruct", "--aligned", "samples/genuine-probe.png", "-o", "OUT/x.jpg"],
      ["attack", "--aligned", "a", "b", "-o", "OUT/x.JPEG"],
      ["attack", "--aligned", "a", "b", "-o", "OUT/x.png", "--sheet", "OUT/y.webp"],
      ["morph", "a", "b", "--aligned", "-o", "OUT/x.gif"],
      ["frontalize", "a", "-o", "OUT/x.jpg"],
    ])
  func otherFormats(_ words: [String]) throws {
    try withFolder { folder in
      let run = try Tool.run(words.map { $0.replacing("OUT", with: folder) })
      #expect(run.status == 64 && run.words.contains(".png"), "\(run.words)")
      #expect(try manager.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }
}
