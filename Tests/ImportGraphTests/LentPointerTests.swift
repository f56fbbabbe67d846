import Foundation
import Testing

/// Pointers that are lent to a closure, and must not leave it: the one rule that makes a tensor's memory safe.
@Suite struct LentPointerTests {
  /// Lending functions and closures that do nothing with what they are lent but keep it or give it back.
  private static func escapes(_ text: String) -> [String] {
    let escape =
      #/\b(?:read|update|updateNumbers|withUnsafe\w+|withMemoryRebound)(?:\([^()]*\))?\s*\{\s*(?:\w+\s*=\s*\$\d|\$\d|(\w+)(?:\s+\w+)?\s+in\s+(?:\w+\s*=\s*)?\1)\s*\}/#
      .wordBoundaryKind(.simple)
    return text.matches(of: escape).map { String($0.output.0) }
  }

  @Test(
    "what keeps a lent pointer is found",
    arguments: [
      "state.update(first) { $0.update { mean = $0 } }", "x.read { $0 }", "x.read { p in p }",
      "buffer.withUnsafeBufferPointer {\n  kept = $0\n}", "x.update { p in\n  kept = p\n}",
      "Tensor.read(a, b) { kept = $1 }",
    ])
  func found(text: String) { #expect(!Self.escapes(text).isEmpty) }

  @Test(
    "what uses it inside is none",
    arguments: [
      "x.read { sum($0, count: 3) }", "x.read { p in total = p[0] }", "x.update { $0[0] = 1 }",
      "values.map { $0 }", "x.read { $0.pointee }",
    ])
  func others(text: String) { #expect(Self.escapes(text).isEmpty) }

  @Test("no source keeps a pointer that it is lent") func sources() throws {
    let sources = PackageGraphTests.root.appending(path: "Sources")
    let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
    var count = 0
    while let file = files?.nextObject() as? URL {
      guard file.pathExtension == "swift" else { continue }
      count += 1
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(Self.escapes(text) == [], "\(file.lastPathComponent)")
    }
    #expect(count > 300)
  }
}
