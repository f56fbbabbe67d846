import CommandLineArguments
import Foundation

extension ValueReader<String> {
  /// The name of a model, also that of its file.
  static var modelName: Self {
    Self(expected: "a name of at most 64 letters a-z, digits and _") { text in
      let isName =
        (1...64).contains(text.utf8.count)
        && text.utf8.allSatisfy { byte in
          (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || byte == UInt8(ascii: "_")
        }
      return isName ? text : nil
    }
  }
}

extension ValueReader<String> {
  /// The name of a picture to write: one that promises another format is refused.
  static var pictureToWrite: Self {
    Self(expected: "a name that ends in .png, the format that pictures are written in") { text in
      let ending = (text as NSString).pathExtension.lowercased()
      return text.isEmpty || !["", "png"].contains(ending) ? nil : text
    }
  }
}

extension ValueReader<String> {
  /// One of these names.
  static func name(of names: [String]) -> Self {
    Self(expected: "one of \(names.joined(separator: ", "))") { names.contains($0) ? $0 : nil }
  }
}

extension ValueReader<[String]> {
  /// Names of a list that the command knows, separated by commas.
  static var names: Self {
    Self(expected: "names separated by commas") {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    } word: {
      $0.joined(separator: ",")
    }
  }
}

/// A value and the word that it was read from, where the value does not tell it.
struct Worded<Value: Sendable>: Sendable {
  let word: String
  let value: Value
}

extension ValueReader where Value: Sendable {
  /// The same reader, of values that keep their words.
  var worded: ValueReader<Worded<Value>> {
    ValueReader<Worded<Value>>(expected: expected) { [read] word in
      read(word).map { Worded(word: word, value: $0) }
    } word: {
      $0.word
    }
  }
}
