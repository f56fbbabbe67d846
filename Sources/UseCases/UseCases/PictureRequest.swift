public import Images
public import Screening

/// A picture that a request names or holds.
public struct PictureRequest: Sendable {
  /// Where the picture is.
  public enum Content: Sendable {
    /// In a file of this machine.
    case path(String)
    /// In the request: a file's bytes.
    case bytes([UInt8])
    /// In the request, decoded.
    case pixels(RGBImage)
  }

  /// The name by which messages call it; a file's is its path.
  public var name: String
  /// Where it is.
  public var content: Content
  /// Where its face is; nil if the request does not say.
  public var place: FacePlace?

  /// Creates a request of a picture.
  public init(_ content: Content, name: String, place: FacePlace? = nil) {
    (self.content, self.name, self.place) = (content, name, place)
  }

  /// Creates a request of a file.
  public init(path: String, place: FacePlace? = nil) {
    self.init(.path(path), name: path, place: place)
  }
}
