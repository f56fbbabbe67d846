/// Text files as people's programs write them.
///
/// Spreadsheets and editors put a byte order mark before a text, and end lines with a carriage return and
/// a line feed. Neither is part of what is meant.
public enum PlainText {
  /// The text without a byte order mark before it.
  public static func withoutMark(_ text: String) -> Substring {
    text.unicodeScalars.first == "\u{FEFF}"
      ? Substring(text.unicodeScalars.dropFirst()) : Substring(text)
  }

  /// The text of bytes without a byte order mark before it; nil if they are not UTF-8.
  public static func text(of bytes: some Collection<UInt8>) -> String? {
    String(validating: bytes, as: UTF8.self).map { String(withoutMark($0)) }
  }

  /// The lines of a text, empty ones included, without their ends and without a mark.
  ///
  /// A line ends with a line feed, a carriage return, or both together.
  public static func lines(of text: String) -> [Substring] {
    withoutMark(text).split(omittingEmptySubsequences: false) { ["\n", "\r", "\r\n"].contains($0) }
  }
}
