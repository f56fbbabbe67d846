private import Images
private import NeuralNetworks
private import PictureTensors
public import Reconstruction
private import Screening
private import Tensors

/// The use case of reconstructing: x̂ = G(f_I(x), f_A(x)), the face as the network understands it, by A and
/// G alone.
public struct ReconstructFace: Sendable {
  /// The picture that is asked for.
  public enum View: String, CaseIterable, Sendable {
    /// The reconstruction.
    case reconstruction
    /// The face in grey, red where its texture and the reconstruction's disagree.
    case disagreement
  }

  /// The networks.
  public let networks: FaceReconstructor
  /// The reader of pictures.
  public let reader: FaceReader

  /// Creates the use case.
  public init(_ networks: FaceReconstructor, reader: FaceReader) {
    (self.networks, self.reader) = (networks, reader)
  }

  /// Reconstructs the face of a picture.
  public func callAsFunction(
    _ request: PictureRequest, view: View = .reconstruction, id: String? = nil
  ) throws(Problem) -> MadePicture {
    let picture = try reader.face(of: request)
    let made = networks.reconstruct(Variable(Tensor([picture.face]))).value.pictures()[0]
    let image =
      view == .reconstruction
      ? made : DisagreementMap(picture.face, reconstruction: made).picture
    return MadePicture(id: id, image: image, face: picture.face, picture: picture.file)
  }
}
