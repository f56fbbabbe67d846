public import Foundation

/// The modules under `Sources/` and what they import of each other, from the sources' own lines.
///
/// A module is a folder in a folder: `Sources/Engine/Tensors`. Where such a folder holds only folders,
/// they are one source compiled several times, and one module by all their names.
public struct ImportGraph: Sendable {
  /// One module.
  public struct Module: Equatable, Sendable {
    /// The module's name, that of its folder.
    public let name: String
    /// The folder that it lies in.
    public let folder: String
    /// The number of its source files, and of their lines.
    public let files, lines: Int
    /// The modules under `Sources/` that it imports, by name.
    public let imports: [String]
    /// The longest way down: 0 for a module without imports; nil in a cycle or above one.
    public internal(set) var level: Int?
  }

  /// The folders from the ground up; a module imports from its own folder and from those before it.
  public static let folders = [
    "System", "Foundations", "Engine", "Pictures", "Models", "Recognition", "Finding", "Screening",
    "UseCases",
    "Data", "Attacking", "Training", "Evaluation", "Service", "Application",
  ]

  /// The modules by folder, level and name.
  public private(set) var modules: [Module]

  /// Reads the sources under a folder.
  ///
  /// - Throws: what reading files throws.
  public init(sources: URL) throws {
    var found: [(name: String, folder: String, text: SourceText)] = []
    var owner: [String: String] = [:]
    for folder in try SourceText.folders(in: sources) {
      for module in try SourceText.folders(in: folder) {
        let name = module.lastPathComponent
        let text = try SourceText(folder: module)
        for alias in [name] + (text.isDirect ? [] : text.parts) { owner[alias] = name }
        found.append((name, folder.lastPathComponent, text))
      }
    }
    modules = found.map { name, folder, text in
      let imports = Set(text.imports.compactMap { owner[$0] }).subtracting([name])
      return Module(
        name: name, folder: folder, files: text.files, lines: text.lines, imports: imports.sorted())
    }
    setLevels()
    modules.sort { Self.key($0) < Self.key($1) }
  }

  private static func key(_ module: Module) -> (Int, Int, String) {
    (rank(of: module.folder) ?? .max, module.level ?? .max, module.name)
  }

  private static func rank(of folder: String) -> Int? { folders.firstIndex(of: folder) }

  private mutating func setLevels() {
    var levels: [String: Int] = [:]
    var before = -1
    while levels.count > before {
      before = levels.count
      for module in modules where levels[module.name] == nil {
        let below = module.imports.map { levels[$0] }
        if below.allSatisfy({ $0 != nil }) {
          levels[module.name] = (below.compactMap { $0 }.max() ?? -1) + 1
        }
      }
    }
    for index in modules.indices { modules[index].level = levels[modules[index].name] }
  }

  /// The module of this name, if there is one.
  public subscript(name: String) -> Module? { modules.first { $0.name == name } }

  /// The modules in a cycle of imports, or above one.
  public var cyclic: [String] { modules.filter { $0.level == nil }.map(\.name) }

  /// A sentence for each import of a folder above the importing module's, and for each folder that the
  /// order does not know.
  public var faults: [String] {
    modules.flatMap { module -> [String] in
      guard let own = Self.rank(of: module.folder) else {
        return ["\(module.folder)/\(module.name) lies in a folder outside the order"]
      }
      return module.imports.compactMap { name in
        guard let other = self[name], let rank = Self.rank(of: other.folder), rank > own else {
          return nil
        }
        return "\(module.folder)/\(module.name) imports \(other.folder)/\(name), which is above it"
      }
    }
  }

  /// A module with all that it reaches, in the order of ``modules``; empty if there is none.
  public func closure(of name: String) -> [Module] {
    var (reached, open): (Set<String>, [String]) = ([], [name])
    while let next = open.popLast() {
      if reached.insert(next).inserted { open += self[next]?.imports ?? [] }
    }
    return modules.filter { reached.contains($0.name) }
  }
}
