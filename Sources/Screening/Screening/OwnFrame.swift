public import Embedders
public import Faces
private import Geometry
public import Images
private import NeuralNetworks
private import PictureTensors
private import Tensors

/// A face in the frame of a network from elsewhere, taken from the photograph at once: what goes by way
/// of our frame is sampled twice, and lies where that puts it.
public struct OwnFrame: Sendable {
  /// How the network wants its faces.
  public let input: FaceInput
  /// The face, as many rows and columns as the network takes.
  public let picture: RGBImage

  /// Takes a face from a photograph.
  ///
  /// - `landmarks`: in pixels of the photograph.
  /// - Throws: `AlignmentError` if the points outline no face.
  public init(
    _ input: FaceInput, of photograph: RGBImage, landmarks: Landmarks
  ) throws(AlignmentError) {
    self.input = input
    picture = photograph.warped(
      by: try input.similarity(for: landmarks), width: input.side, height: input.side)
  }
}

extension FaceInput {
  /// The similarity from a photograph to the network's frame.
  fileprivate func similarity(
    for landmarks: Landmarks
  ) throws(AlignmentError) -> SimilarityTransform {
    guard let points, points.count == 5 else {
      let frame = try AlignedFrame.similarity(for: landmarks)
      return SimilarityTransform(
        a: a * frame.a - b * frame.b, b: b * frame.a + a * frame.b,
        shiftX: a * frame.shiftX - b * frame.shiftY + shiftX,
        shiftY: b * frame.shiftX + a * frame.shiftY + shiftY)
    }
    let places = points.map { Point(x: $0[0], y: $0[1]) }
    return try AlignedFrame.similarity(
      for: landmarks,
      to: Landmarks(
        leftEye: places[0], rightEye: places[1], nose: places[2], leftMouth: places[3],
        rightMouth: places[4]))
  }
}

extension FaceEmbedder {
  /// How the network wants faces of photographs, if it comes from elsewhere.
  public var ownInput: FaceInput? { imported?.input }

  /// f_C of unit length of a picture: of the network's own frame where that was taken from the
  /// photograph, of the aligned face otherwise.
  public func unitEmbedding(of picture: FacePicture) -> [Float] {
    ownEmbedding(of: picture)
      ?? unitEmbeddings(of: Variable(Tensor([picture.face]))).value.numbers
  }

  /// f_C of unit length of the network's own frame, if the picture has it.
  func ownEmbedding(of picture: FacePicture) -> [Float]? {
    guard let frame = picture.ownFrames.first(where: { $0.input == ownInput }) else { return nil }
    return unitEmbeddings(ofOwn: Variable(Tensor([frame.picture])))?.value.numbers
  }
}
