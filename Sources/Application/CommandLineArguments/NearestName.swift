/// The candidate that `name` most probably was meant to be, if any is near enough.
///
/// Near is a prefix, or at most one mistake in three letters; a mistake is a wrong, missing, surplus
/// or swapped letter. A single letter is near to nothing.
func nearestName(to name: String, among candidates: [String]) -> String? {
  let letters = name.drop { $0 == "-" }
  // Any letter is one mistake away from any other.
  guard letters.count >= 2 else { return nil }
  let ranked = candidates.map { ($0, mistakes(Array(name), Array($0))) }
  if let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= max(1, letters.count / 3) {
    return best.0
  }
  let begun = candidates.filter { $0.hasPrefix(name) }
  return begun.count == 1 ? begun[0] : nil
}

/// The optimal string alignment distance.
///
/// Reference: Damerau, "A technique for computer detection and correction of spelling errors", 1964.
private func mistakes(_ a: [Character], _ b: [Character]) -> Int {
  var table = [[Int]](
    repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
  for i in 0...a.count { table[i][0] = i }
  for j in 0...b.count { table[0][j] = j }
  for i in 1..<(a.count + 1) {
    for j in 1..<(b.count + 1) {
      let isSame = a[i - 1] == b[j - 1]
      table[i][j] = min(
        table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (isSame ? 0 : 1))
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
      }
    }
  }
  return table[a.count][b.count]
}
