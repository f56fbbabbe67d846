import Foundation

/// What the source files of one module say.
struct SourceText {
  private static let kinds: Set = ["swift", "c", "h", "modulemap"]

  private(set) var (files, lines) = (0, 0)
  private(set) var imports: Set<String> = []
  /// The folders in the module's folder.
  let parts: [String]
  /// Whether source files lie in the module's folder itself, not only in folders within.
  let isDirect: Bool

  init(folder: URL) throws {
    parts = try Self.folders(in: folder).map(\.lastPathComponent)
    let content = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    isDirect = content.contains { Self.kinds.contains($0.pathExtension) }
    try read(folder)
  }

  /// Counts the files of a folder; symbolic links lead to files that are counted elsewhere.
  private mutating func read(_ folder: URL) throws {
    let content = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    for file in content where Self.kinds.contains(file.pathExtension) {
      let text = try String(contentsOf: file, encoding: .utf8)
      let all = text.split(separator: "\n", omittingEmptySubsequences: false)
      files += 1
      lines += all.count - (text.hasSuffix("\n") ? 1 : 0)
      imports.formUnion(all.compactMap(Self.importedModule))
    }
    for inner in try Self.folders(in: folder) { try read(inner) }
  }

  /// The folders in a folder, in the order of their names, without symbolic links.
  static func folders(in folder: URL) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: [.isDirectoryKey, .isSymbolicLinkKey]
    ).filter {
      let values = try $0.resourceValues(forKeys: [.isDirectoryKey, .isSymbolicLinkKey])
      return values.isDirectory == true && values.isSymbolicLink != true
    }.sorted { $0.lastPathComponent < $1.lastPathComponent }
  }

  /// The module that a line of Swift imports, as `private import Images` or `import struct Images.X`.
  static func importedModule(_ line: Substring) -> String? {
    var words = line.split(separator: " ")[...]
    let access: Set = ["public", "package", "internal", "fileprivate", "private"]
    while let word = words.first, word.hasPrefix("@") || access.contains(String(word)) {
      words.removeFirst()
    }
    guard words.popFirst() == "import", let first = words.popFirst() else { return nil }
    return (words.first ?? first).split(separator: ".").first.map(String.init)
  }
}
