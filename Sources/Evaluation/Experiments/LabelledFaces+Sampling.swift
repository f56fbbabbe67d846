public import Images
public import SeededRandom

extension LabelledFaces {
  /// Whole people of at least so many pictures, drawn by a seed until there are enough pictures.
  ///
  /// - Parameters:
  ///   - limit: the most pictures; at least two people are taken even if theirs are more.
  ///   - minimum: the fewest pictures a person has to have.
  ///   - seed: which people.
  /// - Returns: their faces, in the order of their places.
  /// - Throws: ``ExperimentError`` if fewer than two people have enough pictures.
  public func sample(
    limit: Int, minimum: Int = 2, seed: UInt64
  ) throws(ExperimentError) -> LabelledFaces {
    let known = Dictionary(grouping: people.indices) { people[$0] }
      .filter { $0.value.count >= minimum }.sorted { $0.key < $1.key }
    guard known.count >= 2 else {
      throw .tooFewPeople(group: group, pictures: minimum, found: known.count, needed: 2)
    }
    var random = SplitMix64(seed: seed).derived(from: "sample")
    var places: [Int] = []
    for (index, person) in random.shuffled(known).enumerated() {
      guard index < 2 || places.count + person.value.count <= limit else { break }
      places += person.value
    }
    return subset(places.sorted())
  }
}

extension LabelledFaces {
  /// One face each of so many people.
  ///
  /// - Throws: what reading pictures throws.
  public func strangers(_ count: Int, using generator: inout SplitMix64) throws -> [RGBImage] {
    let people = Dictionary(grouping: self.people.indices) { self.people[$0] }.sorted {
      $0.key < $1.key
    }
    return try faces(at: generator.shuffled(people).prefix(count).map { $0.value[0] })
  }
}
