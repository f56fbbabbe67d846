import Foundation

/// The command line as it is recorded beside what it made.
enum Invocation {
  /// The command line of these words; folders are left out of paths.
  static func text(of words: [String]) -> String {
    (["facewarden"] + words.map { quoted(short($0)) }).joined(separator: " ")
  }

  /// A word without folders; of `--name=value` the value alone is shortened.
  private static func short(_ word: String) -> String {
    if word.hasPrefix("--"), let equals = word.firstIndex(of: "=") {
      let value = word.index(after: equals)
      return word[..<value] + short(String(word[value...]))
    }
    return word.contains("/") ? (word as NSString).lastPathComponent : word
  }

  /// A word as a shell reads it back.
  private static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.allSatisfy { $0.isLetter || $0.isNumber || "-_.,:+%=".contains($0) }
    return isPlain ? word : "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }

  /// What may be done with weights made from the CelebA pictures.
  static let weightsLicense =
    "research use only if trained on CelebA or LFW; the trainer's own data otherwise decides"
}
