public import FaceDatasets
public import SeededRandom
public import Tensors

/// The pictures that a network learns from: those of labelled people, and others beside them.
///
/// With I and C fixed, A, G and D may take a picture without a label as x^s as well as x^a
/// (section 3.3).
public struct PicturePool: Sendable {
  private let parts: [IdentityDataset]
  /// The index of each part's first picture.
  private let firsts: [Int]

  /// The number of pictures.
  public let count: Int

  /// Puts sets together; the indices of each follow those of the one before.
  public init(_ parts: [IdentityDataset]) {
    var (firsts, count): ([Int], Int) = ([], 0)
    for part in parts {
      firsts.append(count)
      count += part.count
    }
    (self.parts, self.firsts, self.count) = (parts, firsts, count)
  }

  /// Varied faces, (batch, 128, 128, 3) in −1…1, in the order of `indices`.
  ///
  /// - Precondition: each index is in `0..<count`.
  /// - Throws: what reading pictures throws.
  public func tensor(
    _ indices: [Int], augmentation: FaceAugmentation, using generator: SplitMix64
  ) throws -> Tensor {
    let pictures = places(of: indices)
    return try Tensor.faces(count: indices.count) {
      try IdentityDataset.batch(
        pictures, of: parts, augmentation: augmentation, generator: generator, into: $0)
    }
  }

  /// The faces of ``tensor(_:augmentation:using:)``, each a part that is made by itself: (1, 128, 128, 3).
  ///
  /// - Precondition: each index is in `0..<count`.
  public func faces(
    _ indices: [Int], augmentation: FaceAugmentation, using generator: SplitMix64
  ) -> BatchInParts<Tensor, Tensor> {
    let (parts, pictures) = (parts, places(of: indices))
    return BatchInParts(
      count: pictures.count,
      make: { place in
        try Tensor.faces(count: 1) {
          try parts[pictures[place].part].face(
            at: pictures[place].index, place: place, augmentation: augmentation,
            generator: generator, into: $0)
        }
      }, join: { Tensor(joining: $0) })
  }

  /// The set of each picture, and its index there.
  private func places(of indices: [Int]) -> [(part: Int, index: Int)] {
    indices.map { index in
      precondition((0..<count).contains(index), "index \(index) of \(count) pictures")
      let part = firsts.lastIndex { $0 <= index } ?? 0
      return (part: part, index: index - firsts[part])
    }
  }
}
