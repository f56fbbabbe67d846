/// A use case that a line of the pipe may ask for.
package enum LineUse: String, CaseIterable, Sendable {
  /// The verdict on a pair.
  case verify
  /// Whether one picture looks tampered with.
  case screen
  /// The embedding of one picture.
  case embed
  /// All faces of one picture.
  case find
}
