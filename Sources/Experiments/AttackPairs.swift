public import AdversarialAttacks
public import FaceDatasets
private import Foundation

/// Lists of pairs to attack.
public enum AttackPairs {
  /// The mismatched pairs of a protocol, both ways: `f01-0003-a` and `f01-0003-b`.
  public static func mismatched(of pairs: LFWProtocol, perFold: Int? = nil) -> [AttackPair] {
    pairs.folds.enumerated().flatMap { fold, list in
      list.filter { !$0.same }.prefix(perFold ?? Int.max).enumerated().flatMap { index, pair in
        let id = String(format: "f%02d-%04d", fold + 1, index)
        return [
          AttackPair(id: id + "-a", source: pair.first, target: pair.second, fold: fold),
          AttackPair(id: id + "-b", source: pair.second, target: pair.first, fold: fold),
        ]
      }
    }
  }

  /// A CSV with the head `source,target` and a pair of relative paths a line.
  ///
  /// - Throws: `AttackSetError`.
  public static func csv(path: String) throws -> [AttackPair] {
    guard let data = FileManager.default.contents(atPath: path),
      let text = String(data: data, encoding: .utf8)
    else { throw AttackSetError.badPairs(file: path, reason: "cannot be read as UTF-8 text") }
    let lines = text.split(whereSeparator: \.isNewline)
    guard lines.first.map(String.init) == "source,target" else {
      throw AttackSetError.badPairs(file: path, reason: "the first line is not 'source,target'")
    }
    return try lines.dropFirst().enumerated().map { index, line in
      let parts = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, !parts.contains(where: \.isEmpty) else {
        throw AttackSetError.badPairs(
          file: path, reason: "line \(index + 2) is not a source and a target")
      }
      return AttackPair(
        id: String(format: "p%06d", index), source: parts[0], target: parts[1])
    }
  }
}
