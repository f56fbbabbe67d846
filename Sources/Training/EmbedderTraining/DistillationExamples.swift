public import FaceDatasets
internal import PictureBatches
internal import SeededRandom
internal import Tensors

/// Pictures with a teacher's embeddings: of labelled people, and of whoever.
public struct DistillationExamples: Sendable {
  /// The labelled people.
  public let people: Int
  /// The teacher.
  public let teacher: TeacherEmbeddings
  /// The number of pictures that the teacher knows.
  public var count: Int { examples.count }
  /// The pictures that the teacher does not know; they are left out.
  public let unknown: Int

  private struct Example {
    let picture, row: Int
    let label: Int?
  }

  private let pool: PicturePool
  private let examples: [Example]

  /// Puts pictures and embeddings together.
  ///
  /// - `unlabelled`: pictures of whoever, if there are any.
  public init(
    _ labelled: IdentityDataset, unlabelled: IdentityDataset? = nil, teacher: TeacherEmbeddings
  ) {
    let parts = [labelled] + (unlabelled.map { [$0] } ?? [])
    var examples: [Example] = []
    var first = 0
    for (number, part) in parts.enumerated() {
      for index in 0..<part.count {
        guard let row = teacher.row(of: part.names[index]) else { continue }
        examples.append(
          Example(
            picture: first + index, row: row, label: number == 0 ? part.labels[index] : nil))
      }
      first += part.count
    }
    (pool, self.examples, self.teacher) = (PicturePool(parts), examples, teacher)
    people = labelled.people.count
    unknown = first - examples.count
  }

  /// The teacher's mean embedding of each labelled person, (people, width), of unit length; zeros for
  /// a person whom the teacher does not know.
  func classMeans() -> Tensor {
    var rows = [[Int]](repeating: [], count: people)
    for example in examples {
      if let label = example.label { rows[label].append(example.row) }
    }
    return Tensor(rows.flatMap { teacher.mean(of: $0) }, shape: [people, teacher.width])
  }

  /// What a step learns from.
  struct Batch {
    /// Varied faces, (batch, 128, 128, 3) in −1…1; those with a label first.
    let pictures: Tensor
    /// The labels of the first of them.
    let labels: [Int]
    /// The teacher's embeddings of the pictures, then those of further ones, (…, width).
    let targets: Tensor
    /// Numbers to add to the cosines of pictures and targets: −100 where they may be of one person.
    let exclusions: Tensor
  }

  /// A batch of the examples `indices`, its pictures in parts.
  func batch(
    _ indices: [Int], further: Int, augmentation: FaceAugmentation, using generator: SplitMix64
  ) -> BatchInParts<Tensor, Batch> {
    let chosen = indices.map { examples[$0] }
    let batch = chosen.filter { $0.label != nil } + chosen.filter { $0.label == nil }
    var random = generator.derived(from: "contrast")
    let others = (0..<further).map { _ in examples[random.uniform(in: 0..<examples.count)] }
    return pool.faces(batch.map(\.picture), augmentation: augmentation, using: generator).joined {
      compared(batch, with: others, pictures: $0)
    }
  }

  private func compared(
    _ batch: [Example], with others: [Example], pictures: Tensor
  ) -> Batch {
    let compared = batch + others
    var exclusions = [Float](repeating: 0, count: batch.count * compared.count)
    for (i, example) in batch.enumerated() {
      for (j, other) in compared.enumerated() where i != j {
        let isSame =
          other.row == example.row || (example.label != nil && other.label == example.label)
        if isSame { exclusions[i * compared.count + j] = -100 }
      }
    }
    return Batch(
      pictures: pictures, labels: batch.compactMap(\.label),
      targets: teacher.embeddings(compared.map(\.row)),
      exclusions: Tensor(exclusions, shape: [batch.count, compared.count]))
  }
}
