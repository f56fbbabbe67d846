public import FaceDatasets
public import SeededRandom
public import Tensors

/// The pictures that A, G and D learn from: those of labelled people, and others beside them.
///
/// With I and C fixed, a picture without a label can serve as x^s as well as x^a (section 3.3).
public struct PicturePool: Sendable {
  private let parts: [IdentityDataset]

  /// Puts sets together; the indices of each follow those of the one before.
  public init(_ parts: [IdentityDataset]) { self.parts = parts }

  /// The number of pictures.
  public var count: Int { parts.reduce(0) { $0 + $1.count } }

  /// Varied faces, (batch, 128, 128, 3) in −1…1, in the order of `indices`.
  ///
  /// - Throws: what reading pictures throws.
  public func tensor(
    _ indices: [Int], augmentation: FaceAugmentation, using generator: SplitMix64
  ) throws -> Tensor {
    guard parts.count != 1 else {
      return try parts[0].tensor(indices, augmentation: augmentation, using: generator)
    }
    var rows = [Tensor?](repeating: nil, count: indices.count)
    var first = 0
    for (number, part) in parts.enumerated() {
      let places = indices.indices.filter { (first..<first + part.count).contains(indices[$0]) }
      let faces = try part.tensor(
        places.map { indices[$0] - first }, augmentation: augmentation,
        using: generator.derived(from: "part", number))
      for (row, place) in places.enumerated() { rows[place] = faces.entries(row..<row + 1) }
      first += part.count
    }
    precondition(rows.allSatisfy { $0 != nil }, "indices beyond \(count) pictures: \(indices)")
    return Tensor(joining: rows.compactMap { $0 })
  }
}
