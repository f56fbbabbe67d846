private import Files
public import FaceDatasets
private import Foundation
private import Images
private import SeededRandom

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

  /// The pairs with another picture of the target's person enrolled than the target; pairs whose person has
  /// no other are left out.
  ///
  /// - `people`: the pictures of each person.
  public static func withOtherEnrolled(
    _ pairs: [AttackPair], people: [[String]]
  ) -> [AttackPair] {
    var others: [String: String] = [:]
    for pictures in people where pictures.count > 1 {
      // The next one in order, the first for the last.
      for (place, name) in pictures.enumerated() {
        others[name] = pictures[(place + 1) % pictures.count]
      }
    }
    return pairs.compactMap { pair in
      guard let other = others[pair.target] else { return nil }
      var pair = pair
      pair.enrolled = other
      return pair
    }
  }

  /// The pictures of each person of a protocol that shows one in several, from its matched pairs.
  public static func people(of pairs: LFWProtocol) -> [[String]] {
    var groups: [[String]] = []
    var places: [String: Int] = [:]
    for pair in pairs.pairs where pair.same {
      let known = places[pair.first] ?? places[pair.second]
      let place = known ?? groups.count
      if known == nil { groups.append([]) }
      for name in [pair.first, pair.second] where places[name] == nil {
        places[name] = place
        groups[place].append(name)
      }
    }
    return groups.map { $0.sorted() }
  }

  /// A CSV with the head `source,target` and a pair of relative paths a line; or with
  /// `source,target,enrolled`, the enrolled picture third.
  ///
  /// - Throws: `AttackSetError`.
  public static func csv(path: String) throws -> [AttackPair] {
    guard let data = FileManager.default.contents(atPath: path),
      let text = PlainText.text(of: data)
    else { throw AttackSetError.badPairs(file: path, reason: "cannot be read as UTF-8 text") }
    let lines = PlainText.lines(of: text).filter { !$0.isEmpty }
    let head = lines.first.map(String.init) ?? ""
    guard ["source,target", "source,target,enrolled"].contains(head) else {
      throw AttackSetError.badPairs(file: path, reason: "the first line is not 'source,target'")
    }
    let columns = head.split(separator: ",").count
    return try lines.dropFirst().enumerated().map { index, line in
      let parts = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == columns, !parts.contains(where: \.isEmpty) else {
        throw AttackSetError.badPairs(
          file: path,
          reason: "line \(index + 2) is not a source and a target"
            + (columns == 3 ? " and an enrolled picture" : ""))
      }
      return AttackPair(
        id: String(format: "p%06d", index), source: parts[0], target: parts[1],
        enrolled: columns == 3 ? parts[2] : nil)
    }
  }

  /// Pairs of different people from a folder of `person/picture`: every picture is a source once,
  /// with a target drawn from the pictures of all other people.
  ///
  /// - `limit`: so many of the sources, drawn by the seed; all if not given.
  /// - Throws: `AttackSetError`.
  public static func folder(
    path: String, limit: Int? = nil, seed: UInt64 = 1
  ) throws -> [AttackPair] {
    let people = try pictures(in: path)
    guard people.count > 1 else {
      throw AttackSetError.badPairs(
        file: path, reason: "expected folders of pictures of at least two people")
    }
    var random = SplitMix64(seed: seed)
    let sources = random.shuffled(
      people.indices.flatMap { person in people[person].map { (person, $0) } })
    return sources.prefix(limit ?? Int.max).enumerated().map { index, source in
      var other = random.uniform(in: 0..<people.count - 1)
      if other >= source.0 { other += 1 }
      let target = people[other][random.uniform(in: 0..<people[other].count)]
      return AttackPair(
        id: String(format: "p%06d", index), source: source.1, target: target)
    }
  }

  /// The pictures of a folder of `person/picture`: for each person, in the order of names, theirs.
  ///
  /// - Throws: `AttackSetError`.
  public static func pictures(in path: String) throws -> [[String]] {
    let manager = FileManager.default
    func names(_ folder: String) throws -> [String] {
      do {
        return try FolderListing.names(in: folder).filter { !$0.hasPrefix(".") }
      } catch {
        throw AttackSetError.badPairs(file: folder, reason: "\(error)")
      }
    }
    func isFolder(_ path: String) -> Bool {
      var isFolder: ObjCBool = false
      return manager.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
    return try names(path).filter { isFolder(path + "/" + $0) }.map { person in
      try names(path + "/" + person).filter { name in
        ["png", "jpg", "jpeg", "webp"].contains { name.lowercased().hasSuffix("." + $0) }
      }.map { person + "/" + $0 }
    }.filter { !$0.isEmpty }
  }
}
