private import Embedders
public import Images
private import NeuralNetworks
private import PictureTensors
public import Reconstruction
public import Tensors

/// What the networks read of faces: who it is, and all that is not the person.
public struct FaceCodes: Sendable {
  /// f_I of each face, (faces, identity).
  public var identity: Tensor
  /// The attribute vector f_A of each face, its mean μ: (faces, latent).
  public var attributes: Tensor

  /// Puts identities and attributes together, row by row.
  ///
  /// - Precondition: as many rows of both.
  public init(identity: Tensor, attributes: Tensor) {
    precondition(
      identity.shape[0] == attributes.shape[0],
      "\(identity.shape[0]) identities, \(attributes.shape[0]) attribute vectors")
    (self.identity, self.attributes) = (identity, attributes)
  }

  /// The number of faces.
  public var count: Int { identity.shape[0] }
}

extension FaceReconstructor {
  /// Faces that go through the networks together.
  static let batchSize = 16

  /// Reads faces.
  ///
  /// - Precondition: there is a face, and all are of the networks' size.
  public func codes(of faces: [RGBImage]) -> FaceCodes {
    let parts = batches(faces.count).map { part in
      let pixels = Variable(Tensor(Array(faces[part])))
      return (identity(of: pixels).value, attributes(of: pixels).value)
    }
    return FaceCodes(
      identity: Tensor(joining: parts.map(\.0)), attributes: Tensor(joining: parts.map(\.1)))
  }

  /// x' = G([f_I, z]) of each row, rounded to 8 bits.
  public func faces(of codes: FaceCodes) -> [RGBImage] {
    batches(codes.count).flatMap { part in
      generate(
        identity: Variable(codes.identity.entries(part)),
        attributes: Variable(codes.attributes.entries(part))
      ).value.pictures()
    }
  }
}

/// The places below `count` in batches of the networks' size.
func batches(_ count: Int) -> [Range<Int>] {
  stride(from: 0, to: count, by: FaceReconstructor.batchSize).map {
    $0..<min(count, $0 + FaceReconstructor.batchSize)
  }
}
