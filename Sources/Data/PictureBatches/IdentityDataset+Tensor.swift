public import FaceDatasets
public import SeededRandom
public import Tensors

extension IdentityDataset {
  /// Varied faces as a tensor, (batch, 128, 128, 3) in −1…1.
  ///
  /// - Throws: what reading pictures throws.
  public func tensor(
    _ indices: [Int], augmentation: FaceAugmentation, using generator: SplitMix64
  ) throws -> Tensor {
    try Tensor.faces(count: indices.count) {
      try batch(indices, augmentation: augmentation, generator: generator, into: $0)
    }
  }

  /// The faces of ``tensor(_:augmentation:using:)``, each a part that is made by itself: (1, 128, 128, 3).
  public func faces(
    _ indices: [Int], augmentation: FaceAugmentation, using generator: SplitMix64
  ) -> BatchInParts<Tensor, Tensor> {
    BatchInParts(
      count: indices.count,
      make: { place in
        try Tensor.faces(count: 1) {
          try face(
            at: indices[place], place: place, augmentation: augmentation, generator: generator,
            into: $0)
        }
      }, join: { Tensor(joining: $0) })
  }
}

extension Tensor {
  /// A batch of aligned faces that `fill` writes.
  static func faces(
    count: Int, fill: (UnsafeMutableBufferPointer<Float>) throws -> Void
  ) throws -> Tensor {
    var failure: (any Error)?
    let size = 128 * 128 * 3
    let result = Tensor(shape: [count, 128, 128, 3]) { target in
      do {
        try fill(UnsafeMutableBufferPointer(start: target, count: count * size))
      } catch { failure = error }
    }
    if let failure { throw failure }
    return result
  }
}
