import Embedders
import Images
import SyntheticFaces

/// The drawn people of a controlled experiment, and the networks that look at them.
struct ControlledSubjects {
  let networks: NamedNetworks
  let embedder: NamedEmbedder
  let people: Int
  let seed: UInt64
  /// Of the pictures that the networks take.
  let side: Int

  /// A picture of one person, numbered from 0.
  func face(_ person: Int, _ appearance: Appearance) -> RGBImage {
    let image = FaceRenderer.alignedFace(of: Person(number: person, of: seed), appearance).image
    return side == image.width ? image : image.resized(width: side, height: side)
  }

  /// A plain picture of one person with a change and with noise of its own.
  func face(_ person: Int, _ change: (inout Appearance) -> Void) -> RGBImage {
    var appearance = Appearance.plain
    (appearance.seed, appearance.noise) = (UInt64(person + 1), 2)
    change(&appearance)
    return face(person, appearance)
  }

  /// Unit-length f_C of each picture, whose people are numbered from 0.
  func embeddings(_ faces: [RGBImage]) -> LabelledEmbeddings {
    LabelledEmbeddings(
      faces.enumerated().map { (person: "\($0)", face: $1) }, embedder: embedder.embedder)
  }

  /// What the reader of pixels sees: 32×32 colours.
  func pixels(_ face: RGBImage) -> [Float] {
    face.resized(width: 32, height: 32).pixels.map(Float.init)
  }
}
