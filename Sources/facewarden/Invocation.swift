import Foundation

/// The command line as it is recorded beside what it made.
enum Invocation {
  /// The words after the program's name; folders are left out of paths.
  static var text: String {
    let words = CommandLine.arguments.dropFirst().map { word in
      word.contains("/") ? (word as NSString).lastPathComponent : word
    }
    return (["facewarden"] + words).joined(separator: " ")
  }

  /// What may be done with weights made from the CelebA pictures.
  static let weightsLicense =
    "research use only if trained on CelebA or LFW; the trainer's own data otherwise decides"
}
