extension ImportGraph {
  /// The graph as a table in Markdown, a row a module.
  public var table: String {
    let rows = modules.map { module in
      [
        module.folder, module.name, "\(module.files)", "\(module.lines)",
        module.level.map(String.init) ?? "in a cycle",
        module.imports.isEmpty ? "–" : module.imports.joined(separator: ", "),
      ]
    }
    let head = ["folder", "module", "files", "lines", "level", "imports"]
    let rule = ["---", "---", "---:", "---:", "---:", "---"]
    return ([head, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
      .joined(separator: "\n")
  }

  /// What a module reaches, in a sentence: how many modules and lines, and of which folders.
  public func summary(ofClosure name: String) -> String {
    let reached = closure(of: name).filter { $0.name != name }
    let variants = "KernelVariants"
    let lines = reached.filter { $0.name != variants }.reduce(0) { $0 + $1.lines }
    let folders = Self.folders.filter { folder in reached.contains { $0.folder == folder } }
    return "\(name) reaches \(reached.count) modules, of \(lines) lines without "
      + "\(variants), in \(folders.joined(separator: ", "))"
  }
}
