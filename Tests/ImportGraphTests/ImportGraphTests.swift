import Foundation
import Testing

@testable import ImportGraph

/// The reader of imports, on packages made for it.
@Suite struct ImportGraphTests {
  /// The graph of a package with these files, by path under `Sources/`.
  static func graph(_ files: [String: String]) throws -> ImportGraph {
    let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: root) }
    for (path, text) in files {
      let file = root.appending(path: path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    return try ImportGraph(sources: root)
  }

  @Test(
    "every form of an import is read",
    arguments: [
      "import Images", "private import Images", "@testable import Images",
      "@preconcurrency public import Images", "import struct Images.RGBImage",
      "import Images.Codecs",
    ])
  func forms(line: String) { #expect(SourceText.importedModule(line[...]) == "Images") }

  @Test(
    "what is no import is none",
    arguments: ["// import Images", "let x = 1", "", "important(Images)"])
  func others(line: String) { #expect(SourceText.importedModule(line[...]) == nil) }

  @Test("files, lines, levels and imports are counted") func counts() throws {
    let graph = try Self.graph([
      "Engine/Tensors/A.swift": "import Foundation\nimport Locks\n",
      "Engine/Tensors/B.swift": "private import Locks\n\nlet x = 1",
      "Foundations/Locks/C.swift": "let y = 2\n",
      "Engine/Variants/Shared/D.swift": "import Tensors\n",
      "Engine/Variants/Fast/E.swift": "let z = 3\n",
      "Service/Server/F.swift": "import Fast\n",
    ])
    #expect(graph.modules.map(\.name) == ["Locks", "Tensors", "Variants", "Server"])
    #expect(graph.modules.map(\.level) == [0, 1, 2, 3])
    #expect(graph["Tensors"]?.files == 2 && graph["Tensors"]?.lines == 5)
    #expect(graph["Tensors"]?.imports == ["Locks"] && graph["Server"]?.imports == ["Variants"])
    #expect(graph.faults == [] && graph.cyclic == [])
    #expect(graph.closure(of: "Tensors").map(\.name) == ["Locks", "Tensors"])
    #expect(graph.table.contains("| Engine | Tensors | 2 | 5 | 1 | Locks |"))
  }

  @Test("an import upwards is told") func upward() throws {
    let graph = try Self.graph([
      "Foundations/Locks/A.swift": "import Tensors\n", "Engine/Tensors/B.swift": "let x = 1\n",
    ])
    #expect(graph.faults == ["Foundations/Locks imports Engine/Tensors, which is above it"])
  }

  @Test("a folder outside the order is told") func unknownFolder() throws {
    let graph = try Self.graph(["Attic/Box/A.swift": "let x = 1\n"])
    #expect(graph.faults == ["Attic/Box lies in a folder outside the order"])
  }

  @Test("a cycle within a folder is told, with what is above it") func cycle() throws {
    let graph = try Self.graph([
      "Engine/A/A.swift": "import B\n", "Engine/B/B.swift": "import A\n",
      "Service/C/C.swift": "import A\n", "Foundations/D/D.swift": "",
    ])
    #expect(graph.cyclic == ["A", "B", "C"])
    #expect(graph.faults == [])
  }
}
