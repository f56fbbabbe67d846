/// Why an attack set cannot be written or read.
public enum AttackSetError: Error, Equatable, CustomStringConvertible {
  /// The folder holds a set made with other settings.
  case otherSettings(folder: String)
  /// Another program is writing this manifest.
  case busy(file: String)
  /// A line of the manifest cannot be read.
  case badLine(file: String, line: Int)
  /// The folder holds no set.
  case noSet(folder: String)
  /// A file that the manifest names is not there.
  case missingFile(String)
  /// A pairs file or folder cannot be used.
  case badPairs(file: String, reason: String)
  /// The set holds several attacks, and one is needed.
  case severalAttacks(folder: String, names: [String])
  /// The set holds whole photographs, and aligned faces are needed.
  case wholePhotographs(folder: String)
  /// The set holds no such attack, or none that succeeded.
  case noSuchAttack(folder: String, name: String, names: [String])

  public var description: String {
    switch self {
    case .otherSettings(let folder):
      "'\(folder)' holds an attack set of other attacks, thresholds, seeds or models; "
        + "expected an empty folder or the same settings"
    case .busy(let file):
      "'\(file)' is being written by another program; expected none, or another '--shard'"
    case .badLine(let file, let line): "line \(line) of '\(file)' is no entry of an attack set"
    case .noSet(let folder): "'\(folder)' holds no attack set: manifest and settings are expected"
    case .missingFile(let file): "'\(file)' is in the manifest, but not in the folder"
    case .badPairs(let file, let reason): "'\(file)': \(reason)"
    case .severalAttacks(let folder, let names):
      "'\(folder)' holds several attacks; expected one of \(names.joined(separator: ", "))"
    case .wholePhotographs(let folder):
      "'\(folder)' holds whole photographs; expected a set of aligned faces, made without '--whole'"
    case .noSuchAttack(let folder, let name, let names):
      "'\(folder)' holds no (successful) attack '\(name)'; expected one of \(names.joined(separator: ", "))"
    }
  }
}
