private import Images
public import Screening

/// The use cases over one loaded copy of the models: what command line, pipe and HTTP ask.
///
/// Any number of threads may ask at once; an answer does not depend on the others.
public struct Door: Sendable {
  /// The models and their operating points.
  public let warden: FaceWarden
  /// The reader of pictures.
  public let reader: FaceReader
  private let queue: ExaminationQueue

  /// Creates a door over loaded models.
  ///
  /// - `reader`: how pictures are read; the models' own frames are added.
  public init(_ warden: FaceWarden, reader: FaceReader = FaceReader()) {
    self.warden = warden
    var reader = reader
    reader.ownInputs = warden.ownInputs
    self.reader = reader
    queue = ExaminationQueue(warden)
  }

  /// The same with other operating points of the same models.
  public func with(_ warden: FaceWarden) -> Door { Door(warden, reader: reader) }

  /// What the networks say of a picture, before anything follows from it.
  public func examine(_ picture: FacePicture) -> Examination { examine([picture])[0] }

  /// Embeds, reconstructs and scores pictures, together with those of other callers.
  func examine(_ pictures: [FacePicture]) -> [Examination] { queue.examine(pictures) }

  /// Verifies a pair of faces and screens both pictures.
  ///
  /// - `threshold`: a distance² in 0…4 for this pair alone.
  public func verify(
    _ probe: FacePicture, _ reference: FacePicture, threshold: Double? = nil, id: String? = nil
  ) -> Verdict {
    let found = queue.examine([probe, reference])
    let warden = threshold.map(warden.with) ?? warden
    return warden.verdict(on: probe, found[0], and: reference, found[1], id: id)
  }

  /// Screens one face for tampering.
  public func screen(_ picture: FacePicture, id: String? = nil) -> PictureVerdict {
    PictureVerdict(
      id: id, picture: picture, examination: queue.examine([picture])[0], warden: warden)
  }
}

extension Problem {
  /// The networks gave a number that is not finite.
  static var noNumber: Problem {
    Problem(
      422, Verdict.noNumber, "The networks gave no number",
      "the networks gave no number for this picture")
  }
}
