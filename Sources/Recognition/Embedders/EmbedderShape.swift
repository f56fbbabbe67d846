/// What others need to know of an embedder: the sizes of what it gives.
public struct EmbedderShape: Equatable, Sendable, CustomStringConvertible {
  /// Numbers in f_I: (rows · columns · channels) of the map.
  public var identity: Int
  /// Rows and columns of f_I; 1 for numbers without a place.
  public var mapSide: Int
  /// Numbers in f_C.
  public var embedding: Int
  /// The network in words.
  public var summary: String
  /// Rows and columns of aligned faces, from the first on, that it looks at.
  public var reach: Int
  /// The square of aligned faces whose places are f_I's.
  public var view: FaceView

  /// Creates a shape; f_I's places are the whole face's if not told otherwise.
  public init(
    identity: Int, mapSide: Int, embedding: Int, summary: String, reach: Int,
    view: FaceView = FaceView()
  ) {
    (self.identity, self.mapSide, self.embedding) = (identity, mapSide, embedding)
    (self.summary, self.reach, self.view) = (summary, reach, view)
  }

  /// Whether it can look at pictures of `side` × `side` pixels.
  public func fits(side: Int) -> Bool { reach <= side }

  public var description: String { summary }
}

extension EmbedderArchitecture {
  /// The sizes of what the network gives.
  public var shape: EmbedderShape {
    EmbedderShape(
      identity: identity, mapSide: mapSide, embedding: embedding, summary: summary,
      reach: max(view.top, view.left) + view.side,
      view: FaceView(top: view.top, left: view.left, side: view.side))
  }
}
