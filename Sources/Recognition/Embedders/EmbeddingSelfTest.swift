private import Tensors
private import NeuralNetworks

/// What an embedder makes of a drawn picture, in a few numbers that a manifest can keep.
///
/// A network of zeros, another network's weights, or kernels that compute something else give other
/// numbers; kernels of another instruction set differ by much less than ``tolerance``.
public enum EmbeddingSelfTest {
  /// The count of numbers.
  public static let count = 16
  /// How far each number may lie from the one that was kept. Unit-length embeddings of different
  /// networks differ by about 0.1; of different kernels, by 10⁻⁵.
  public static let tolerance = 1e-3

  /// The colours of the drawn picture, 128 rows of 128 pixels of red, green and blue: two ramps and
  /// the bands of a product.
  public static let pixels: [UInt8] = (0..<FaceView.faceSide * FaceView.faceSide).flatMap {
    place -> [UInt8] in
    let (x, y) = (place % FaceView.faceSide, place / FaceView.faceSide)
    return [UInt8(x + y / 2), UInt8((x * y) / 64), UInt8(abs(x - y) + 40)]
  }

  /// The numbers of a unit-length embedding: the sums of every sixteenth number, from each of the
  /// first sixteen on, so that each number counts.
  public static func numbers(of embedding: [Float]) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    for (index, number) in embedding.enumerated() { sums[index % count] += Double(number) }
    return sums
  }

  /// Whether numbers are those that were kept; never if one is not finite.
  public static func agrees(_ found: [Double], with kept: [Double]) -> Bool {
    found.count == count && kept.count == count
      && zip(found, kept).allSatisfy { abs($0 - $1) <= tolerance }
  }
}

extension FaceEmbedder {
  /// What the embedder makes of the drawn picture.
  public var selfTestNumbers: [Double] {
    let face = Tensor(
      EmbeddingSelfTest.pixels.map { Float($0) / 127.5 - 1 },
      shape: [1, FaceView.faceSide, FaceView.faceSide, 3])
    return EmbeddingSelfTest.numbers(of: unitEmbeddings(of: Variable(face)).value.numbers)
  }
}
