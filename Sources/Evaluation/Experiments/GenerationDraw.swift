private import SeededRandom

/// Which pictures a measurement of generated faces uses (section 4.1).
///
/// Of every person one picture is the gallery's; others are queries, whose identity is given to
/// generated faces. Each query gets the attributes of a picture of somebody else, drawn from the
/// other people's queries, so that the gallery itself lends none.
public struct GenerationDraw: Equatable, Sendable {
  /// One picture of each person.
  public let gallery: [Int]
  /// Other pictures of the same people.
  public let queries: [Int]
  /// For each query the picture whose attributes are taken.
  public let attributes: [Int]

  /// Draws people and pictures.
  ///
  /// - Parameters:
  ///   - faces: the faces to choose from; people with one picture are left out.
  ///   - peopleLimit: the most people.
  ///   - queriesPerPerson: the most queries of one person; the paper has five.
  ///   - seed: which these are.
  /// - Throws: ``ExperimentError`` if fewer than two people have two pictures.
  public init(
    _ faces: LabelledFaces, peopleLimit: Int, queriesPerPerson: Int = 5, seed: UInt64
  ) throws(ExperimentError) {
    let root = SplitMix64(seed: seed)
    let known = Dictionary(grouping: faces.people.indices) { faces.people[$0] }
      .filter { $0.value.count >= 2 }.sorted { $0.key < $1.key }
    guard known.count >= 2 else {
      throw .tooFewPeople(group: faces.group, pictures: 2, found: known.count, needed: 2)
    }
    var random = root.derived(from: "people")
    let chosen = random.shuffled(known).prefix(peopleLimit).sorted { $0.key < $1.key }
    var (gallery, queries): ([Int], [Int]) = ([], [])
    for (person, own) in chosen {
      var random = root.derived(from: person)
      let order = random.shuffled(own)
      gallery.append(order[0])
      queries += order.dropFirst().prefix(queriesPerPerson)
    }
    random = root.derived(from: "attributes")
    attributes = queries.map { query in
      var other = query
      while faces.people[other] == faces.people[query] {
        other = queries[random.uniform(in: 0..<queries.count)]
      }
      return other
    }
    (self.gallery, self.queries) = (gallery, queries)
  }
}
