public import FaceDatasets
public import SeededRandom
public import Tensors

extension IdentityDataset {
  /// Varied faces as a tensor, (batch, 128, 128, 3) in −1…1.
  public func tensor(
    _ indices: [Int], augmentation: FaceAugmentation, using generator: SplitMix64
  ) throws -> Tensor {
    var failure: (any Error)?
    let result = Tensor(shape: [indices.count, 128, 128, 3]) { target in
      let buffer = UnsafeMutableBufferPointer(
        start: target, count: indices.count * 128 * 128 * 3)
      do {
        try batch(indices, augmentation: augmentation, generator: generator, into: buffer)
      } catch { failure = error }
    }
    if let failure { throw failure }
    return result
  }
}
