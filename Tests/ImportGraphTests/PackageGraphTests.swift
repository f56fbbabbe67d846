import Foundation
import ImportGraph
import Testing

/// What the package promises of its own modules.
@Suite struct PackageGraphTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func graph() throws -> ImportGraph {
    try ImportGraph(sources: root.appending(path: "Sources"))
  }

  @Test("modules import from their own folder and from those before it") func order() throws {
    #expect(try Self.graph().faults == [])
  }

  @Test("no module reaches itself") func cycles() throws {
    #expect(try Self.graph().cyclic == [])
  }

  @Test("what serves a request reaches neither data sets nor trainings") func service() throws {
    let reached = try Self.graph().closure(of: "ScreeningService")
    #expect(reached.contains { $0.name == "Screening" })
    let forbidden = reached.filter { ["Data", "Training"].contains($0.folder) }
    #expect(forbidden.map(\.name) == [])
  }

  @Test("the README's table names every folder and its modules") func table() throws {
    let readme = try String(contentsOf: Self.root.appending(path: "README.md"), encoding: .utf8)
    let rows =
      readme.components(separatedBy: "| folder | modules | own |\n").last?
      .components(separatedBy: "\n\n").first?.split(separator: "\n").dropFirst() ?? []
    let told = rows.map { row in
      row.split(separator: "|").prefix(2).map { cell in
        cell.split(separator: "`").enumerated().filter { $0.offset % 2 == 1 }.map {
          String($0.element)
        }
      }
    }
    #expect(told.map { $0.first?.first } == ImportGraph.folders)
    let modules = try Self.graph().modules
    for (row, folder) in zip(told, ImportGraph.folders) {
      let own = modules.filter { $0.folder == folder }.map(\.name)
      #expect(Set(row[1]) == Set(own) && row[1].count == own.count, "\(folder)")
    }
  }
}
