public import Images
internal import NeuralNetworks
private import PictureTensors
private import Tensors

/// A way of storing that an attack's picture goes through before it counts: the file that is written is
/// the stored one.
public enum AttackStore: Equatable, Sendable {
  /// The picture as it is.
  case none
  /// A JPEG file of this quality, 1…100.
  case jpeg(quality: Int)
  /// To half the size and back.
  case halved

  /// The name, as the command line has it.
  public var name: String {
    switch self {
    case .none: "none"
    case .jpeg(let quality): "jpeg-\(quality)"
    case .halved: "halved"
    }
  }

  /// The store of a name: `none`, `jpeg-75`, `halved`.
  public init?(name: String) {
    switch name {
    case "none": self = .none
    case "halved": self = .halved
    default:
      guard name.hasPrefix("jpeg-"), let quality = Int(name.dropFirst(5)),
        (1...100).contains(quality)
      else { return nil }
      self = .jpeg(quality: quality)
    }
  }

  /// The picture that comes out of the store.
  public func stored(_ picture: RGBImage) -> RGBImage {
    switch self {
    case .none: picture
    case .jpeg(let quality): BenignChange.stored(picture, quality: quality)
    case .halved: BenignChange.rescaled(picture, share: 0.5)
    }
  }

  /// The way that gradients go: through JPEG as though it changed nothing, through a halving by means of
  /// triangles.
  func soft(_ picture: Variable) -> Variable {
    guard case .halved = self else { return picture }
    let (rows, columns) = (picture.value.shape[1], picture.value.shape[2])
    return picture.resampled(rows: max(1, rows / 2), columns: max(1, columns / 2))
      .resampled(rows: rows, columns: columns)
  }
}
