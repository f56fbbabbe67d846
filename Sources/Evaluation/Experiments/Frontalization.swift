public import Images
private import NeuralNetworks
private import PictureTensors
public import Reconstruction
private import Tensors

/// Faces turned to the front (section 4.3, figure 7): their identity with a frontal face's attributes.
public enum Frontalization {
  /// Turns a face to the front.
  ///
  /// The paper takes the attributes of one frontal face. Given `frontal` faces, the mean of their
  /// attribute vectors is taken, which turns less on a single picture's light and expression. Without,
  /// the attributes are (f_A(x) + f_A(x mirrored)) / 2: turning left and right are each other's mirror
  /// images, so what A tells of the side cancels as far as it is linear in it, and light, expression
  /// and all else that a mirror leaves as it is stays the picture's own. That needs no other picture.
  ///
  /// - Precondition: the face and `frontal` are of the networks' size.
  public static func face(
    of face: RGBImage, frontal: [RGBImage] = [], networks: FaceReconstructor
  ) -> RGBImage {
    let own = networks.codes(of: [face])
    let models = frontal.isEmpty ? [face, mirrored(face)] : frontal
    let attributes = networks.codes(of: models).meanAttributes
    return networks.faces(of: FaceCodes(identity: own.identity, attributes: attributes))[0]
  }

  private static func mirrored(_ face: RGBImage) -> RGBImage {
    Variable(Tensor([face])).mirrored().value.pictures()[0]
  }
}
