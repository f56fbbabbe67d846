import Embedders
import Images
import ModelStore
import NeuralNetworks
import PictureTensors
import Reconstruction
import Tensors

/// The paper's Figure 9 for one attack.
///
/// | row | left to right |
/// |---|---|
/// | 1 | source, adversarial, their difference ×20 around middle grey, target |
/// | 2 | the reconstructions x̂ = G(f_I(x), f_A(x)) of source, adversarial and target below them |
struct AttackSheet {
  /// How much differences are stretched.
  static let stretch = 20

  let picture: RGBImage

  /// Reconstructs the faces with the models of a folder.
  init(models folder: String, source: RGBImage, adversarial: RGBImage, target: RGBImage) throws {
    let manifest = try ModelManifest(folder: folder)
    // The generator belongs to f_C, whichever embedder was attacked.
    let reconstructor = try FaceReconstructor(
      of: manifest, folder: folder, embedder: try FaceEmbedder(of: manifest, folder: folder))
    let rebuilt = reconstructor.reconstruct(Variable(Tensor([source, adversarial, target])))
      .value.pictures()
    let blank = RGBImage(
      width: source.width, height: source.height, red: 255, green: 255, blue: 255)
    picture = ContactSheet.make([
      [source, adversarial, Self.difference(source, adversarial), target],
      [rebuilt[0], rebuilt[1], blank, rebuilt[2]],
    ])
  }

  /// 128 + 20 (b − a), clamped.
  static func difference(_ a: RGBImage, _ b: RGBImage) -> RGBImage {
    RGBImage(
      width: a.width, height: a.height,
      pixels: zip(a.pixels, b.pixels).map {
        UInt8(clamping: 128 + stretch * (Int($1) - Int($0)))
      })
  }
}
