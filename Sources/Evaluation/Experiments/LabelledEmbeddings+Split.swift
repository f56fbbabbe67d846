private import SeededRandom

extension LabelledEmbeddings {
  /// The embeddings at these places.
  public func subset(_ places: [Int]) -> LabelledEmbeddings {
    LabelledEmbeddings(people: places.map { people[$0] }, rows: places.map { rows[$0] })
  }

  /// Parts each person's pictures by a seed: so many for the gallery, all others as probes.
  ///
  /// People with no more pictures than that go into the gallery alone.
  public func galleryAndProbes(
    picturesInGallery count: Int = 1, seed: UInt64
  ) -> (gallery: LabelledEmbeddings, probes: LabelledEmbeddings) {
    precondition(count >= 1, "\(count) pictures a person in the gallery")
    let root = SplitMix64(seed: seed)
    var (gallery, probes): ([Int], [Int]) = ([], [])
    for (person, own) in Dictionary(grouping: rows.indices, by: { people[$0] }) {
      var random = root.derived(from: person)
      let order = random.shuffled(own)
      gallery += order.prefix(count)
      probes += order.dropFirst(count)
    }
    return (subset(gallery.sorted()), subset(probes.sorted()))
  }
}
