private import Glibc
private import FaceVerification
internal import Images
private import NeuralNetworks
private import Tensors

/// log x, for callers that do not import the C library.
func naturalLogarithm(_ x: Float) -> Float { logf(x) }

/// How strong fine detail is in a picture, and where it differs from its reconstruction.
enum DetailEnergies {
  /// The Gaussians whose differences are the octaves; in pixels.
  private static let deviations: [Float] = [0.7, 1.4, 2.8]

  /// Numbers in the description.
  static let count = 2 * deviations.count + 3

  /// log(mean square + 10⁻⁶), values in −1…1: of the octaves of the picture, of what a median takes
  /// away, and of the octaves of x − x̂ and what is coarser; then the share of values that are equal
  /// to their right neighbour.
  static func of(_ face: RGBImage, _ rebuilt: RGBImage) -> [Float] {
    let x = Variable(Tensor([face]))
    let difference = Variable(x.value - Tensor([rebuilt]))
    let (own, _) = octaves(x)
    let (between, rest) = octaves(difference)
    let spikes = energy(x.value - x.medianFiltered().value)
    var equal = 0
    for row in 0..<face.height {
      let start = row * face.width * 3
      for i in start..<start + (face.width - 1) * 3 where face.pixels[i] == face.pixels[i + 3] {
        equal += 1
      }
    }
    let flat = Float(equal) / Float(face.height * (face.width - 1) * 3)
    return own + [spikes] + between + [rest, flat]
  }

  /// The energies of each difference of Gaussians, finest first, and of what remains.
  private static func octaves(_ x: Variable) -> (bands: [Float], rest: Float) {
    var (bands, finer) = ([Float](), x.value)
    for deviation in deviations {
      let coarser = x.blurred(deviation: deviation).value
      bands.append(energy(finer - coarser))
      finer = coarser
    }
    return (bands, energy(finer))
  }

  private static func energy(_ x: Tensor) -> Float {
    logf(Float(x.dot(x)) / Float(max(1, x.count)) + 1e-6)
  }
}
