private import Embedders
public import Images
private import NeuralNetworks
private import PictureTensors
private import Reconstruction
public import Screening
private import Tensors

/// The use cases over one loaded copy of the models: what command line, pipe and HTTP ask.
///
/// Any number of threads may ask at once; an answer does not depend on the others.
public struct Door: Sendable {
  /// The models and their operating points.
  public let warden: FaceWarden
  private let queue: ExaminationQueue

  /// Creates a door over loaded models.
  public init(_ warden: FaceWarden) {
    self.warden = warden
    queue = ExaminationQueue(warden)
  }

  /// What the networks say of a picture, before anything follows from it.
  public func examine(_ picture: FacePicture) -> Examination { examine([picture])[0] }

  /// Embeds, reconstructs and scores pictures, together with those of other callers.
  func examine(_ pictures: [FacePicture]) -> [Examination] { queue.examine(pictures) }

  /// Verifies a pair and screens both pictures.
  ///
  /// - `threshold`: a distance² in 0…4 for this pair alone.
  public func verify(
    _ probe: FacePicture, _ reference: FacePicture, threshold: Double? = nil, id: String? = nil
  ) -> Verdict {
    let found = queue.examine([probe, reference])
    let warden = threshold.map(warden.with) ?? warden
    return warden.verdict(on: probe, found[0], and: reference, found[1], id: id)
  }

  /// Screens one picture for tampering.
  public func screen(_ picture: FacePicture, id: String? = nil) -> PictureVerdict {
    PictureVerdict(
      id: id, picture: picture, examination: queue.examine([picture])[0], warden: warden)
  }

  /// Embeds one picture by f_C.
  ///
  /// - Throws: ``Problem`` if the network gave a number that is not finite.
  public func embed(_ picture: FacePicture, id: String? = nil) throws(Problem) -> PictureEmbedding {
    let embedder = warden.screen.extractor.reconstructor.embedder
    let numbers = embedder.unitEmbedding(of: picture)
    guard numbers.allSatisfy(\.isFinite) else { throw .noNumber }
    let model = warden.models.first { $0.name == FaceEmbedder.modelName }
    return PictureEmbedding(
      id: id, model: FaceEmbedder.modelName, sha256: model?.sha256, embedding: numbers,
      picture: picture.file)
  }

  /// Reconstructs a face, x̂ = G(f_I(x), f_A(x)), by A and G alone.
  public func reconstruct(_ picture: FacePicture) -> RGBImage {
    let reconstructor = warden.screen.extractor.reconstructor
    return reconstructor.reconstruct(Variable(Tensor([picture.face]))).value.pictures()[0]
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
