private import Files
private import Faces
private import Foundation

/// Two pictures of Labeled Faces in the Wild, and whether they show one person.
public struct LFWPair: Equatable, Hashable, Sendable {
  /// The first picture, as `Name/Name_0001.jpg`.
  public let first: String
  /// The second picture, named likewise.
  public let second: String
  /// Whether both show the same person.
  public let same: Bool
  /// The fold it belongs to, from 0.
  public let fold: Int

  /// Creates a pair.
  public init(first: String, second: String, same: Bool, fold: Int) {
    (self.first, self.second, self.same, self.fold) = (first, second, same, fold)
  }
}

/// A list of pairs to verify, in folds that share no person.
///
/// Reads `pairs.txt` (ten folds of 300 matched and 300 mismatched pairs: View 2, for reporting
/// only) and `pairsDevTrain.txt`, `pairsDevTest.txt` (one fold each: View 1, for choosing).
///
/// Reference: Huang et al., "Labeled Faces in the Wild", 2007, section 4.
public struct LFWProtocol: Equatable, Sendable {
  /// The most pairs that a first line may promise.
  static let limit = 10_000_000

  /// The pairs of each fold: first the matched, then the mismatched.
  public let folds: [[LFWPair]]

  /// All pairs, fold by fold.
  public var pairs: [LFWPair] { folds.flatMap { $0 } }

  /// The names of all pictures, each once, ordered.
  public var images: [String] {
    Set(folds.joined().flatMap { [$0.first, $0.second] }).sorted()
  }

  /// Reads a list from a file.
  public init(path: String) throws(LFWProtocolError) {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else {
      throw .unreadable(file: path)
    }
    try self.init(text: String(decoding: data, as: UTF8.self), file: path)
  }

  /// Reads a list from its text; `file` is what error messages call it.
  public init(text: String, file: String) throws(LFWProtocolError) {
    let lines = PlainText.lines(of: text).enumerated().filter { !$0.element.isEmpty }
    let numbers = lines.first?.element.split(whereSeparator: \.isWhitespace).map { Int($0) } ?? []
    guard (1...2).contains(numbers.count), let perHalf = numbers.last ?? nil,
      let foldCount = numbers.count == 2 ? numbers[0] : 1, foldCount > 0, perHalf > 0,
      foldCount <= Self.limit, perHalf <= Self.limit / foldCount
    else {
      throw .wrongHeader(file: file, found: String((lines.first?.element ?? "").prefix(200)))
    }
    let body = lines.dropFirst()
    guard body.count == 2 * perHalf * foldCount else {
      throw .wrongCount(file: file, expected: 2 * perHalf * foldCount, found: body.count)
    }
    var folds = [[LFWPair]](repeating: [], count: foldCount)
    for (index, (offset, line)) in body.enumerated() {
      let fold = index / (2 * perHalf)
      let same = index % (2 * perHalf) < perHalf
      guard let names = Self.names(line, same: same) else {
        throw .wrongLine(
          file: file, line: offset + 1, expectsSame: same, found: String(line.prefix(200)))
      }
      let pair = LFWPair(first: names.0, second: names.1, same: same, fold: fold)
      guard pair.isPossible else {
        throw .impossiblePair(file: file, line: offset + 1, found: String(line.prefix(200)))
      }
      folds[fold].append(pair)
    }
    self.folds = folds
  }

  /// Reads `name i j` or `name i name j`.
  private static func names(_ line: Substring, same: Bool) -> (String, String)? {
    let parts = line.split(whereSeparator: \.isWhitespace)
    guard parts.count == (same ? 3 : 4), let first = image(parts[0], parts[1]),
      let second = same ? image(parts[0], parts[2]) : image(parts[2], parts[3])
    else { return nil }
    return (first, second)
  }

  /// Makes `Name/Name_0012.jpg` of a name and `12`.
  private static func image(_ name: Substring, _ number: Substring) -> String? {
    guard let number = Int(number), (1...999_999).contains(number) else { return nil }
    let digits = String(number)
    let zeros = String(repeating: "0", count: max(0, 4 - digits.count))
    return "\(name)/\(name)_\(zeros)\(digits).jpg"
  }
}

extension LFWPair {
  /// Whether the two pictures differ and their names agree with `same`.
  fileprivate var isPossible: Bool {
    let people = [first, second].map { $0.prefix { $0 != "/" } }
    return first != second && (people[0] == people[1]) == same
  }
}
