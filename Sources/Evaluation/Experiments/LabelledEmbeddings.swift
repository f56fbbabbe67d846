public import Embedders
public import FaceDatasets
public import Images
private import NeuralNetworks
private import PictureBatches
private import PictureTensors
private import SeededRandom
private import Tensors

/// Unit-length embeddings of pictures whose people are known.
public struct LabelledEmbeddings: Sendable {
  /// The person of each picture.
  public var people: [String]
  /// The embedding of each picture, of unit length.
  public var rows: [[Float]]

  /// Collects embeddings.
  ///
  /// - Precondition: as many people as rows, and all rows of one length.
  public init(people: [String], rows: [[Float]]) {
    precondition(people.count == rows.count, "\(people.count) people, \(rows.count) rows")
    precondition(
      rows.allSatisfy { $0.count == rows[0].count }, "embeddings of different lengths")
    (self.people, self.rows) = (people, rows)
  }

  /// Embeds all pictures of a data set.
  ///
  /// - Throws: what reading pictures throws.
  public init(
    _ data: IdentityDataset, embedder: FaceEmbedder,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws {
    self.init(
      people: data.labels.map { data.people[$0] },
      rows: try Self.rows(data.count, embedder, progress) {
        try data.tensor(Array($0), augmentation: .none, using: SplitMix64(seed: 0))
      })
  }

  /// Embeds all pictures of a data set, each taken for a person of its own, called as it is.
  ///
  /// - Throws: what reading pictures throws.
  public init(
    strangers data: IdentityDataset, embedder: FaceEmbedder,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws {
    try self.init(data, embedder: embedder, progress: progress)
    people = data.names
  }

  /// The embeddings of both, those of `others` last.
  public func joined(with others: LabelledEmbeddings) -> LabelledEmbeddings {
    LabelledEmbeddings(people: people + others.people, rows: rows + others.rows)
  }

  /// Embeds aligned faces, such as generated ones.
  ///
  /// - Precondition: all have one size, which the embedder's view fits.
  public init(
    _ faces: [(person: String, face: RGBImage)], embedder: FaceEmbedder,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) {
    self.init(
      people: faces.map(\.person),
      rows: Self.rows(faces.count, embedder, progress) { Tensor(faces[$0].map(\.face)) })
  }

  private static func rows(
    _ count: Int, _ embedder: FaceEmbedder, _ progress: (_ done: Int, _ total: Int) -> Void,
    pictures: (Range<Int>) throws -> Tensor
  ) rethrows -> [[Float]] {
    var rows: [[Float]] = []
    for first in stride(from: 0, to: count, by: 32) {
      let part = first..<min(count, first + 32)
      let embedded = embedder.unitEmbeddings(of: Variable(try pictures(part))).value
      rows += (0..<part.count).map { embedded.entries($0..<$0 + 1).numbers }
      progress(rows.count, count)
    }
    return rows
  }

  /// The number of different people.
  public var peopleCount: Int { Set(people).count }

  /// The squared distance of two of the embeddings, 0…4.
  public func distance(_ first: Int, _ second: Int) -> Double {
    Double(squaredDistance(rows[first], rows[second]))
  }
}
