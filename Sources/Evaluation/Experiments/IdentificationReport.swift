private import Embedders
private import Metrics

/// Why nobody can be identified.
public enum IdentificationError: Error, Equatable, CustomStringConvertible {
  /// The gallery has too few people to choose from.
  case tooFewPeople(found: Int)
  /// No probe is of a person in the gallery.
  case noProbes(found: Int)
  /// The embeddings of gallery and probes are of different lengths, so of different models.
  case otherLength(gallery: Int, probes: Int)
  /// An embedding is not of finite numbers.
  case notFinite(person: String)

  public var description: String {
    switch self {
    case .tooFewPeople(let found): "\(found) people in the gallery; expected at least 2"
    case .noProbes(let found):
      "none of \(found) probes is of a person in the gallery; expected at least 1"
    case .otherLength(let gallery, let probes):
      "embeddings of \(gallery) numbers in the gallery and of \(probes) in the probes"
    case .notFinite(let person): "an embedding of '\(person)' is not finite"
    }
  }
}

/// How often the right person is the nearest in a gallery, or among the five nearest.
///
/// A person is as near as the nearest of their pictures in the gallery. People at the same distance
/// as the right one count as nearer. Probes of people outside the gallery are left out (closed-set
/// identification) and counted.
public struct IdentificationReport: Codable, Equatable, Sendable {
  /// People and pictures in the gallery.
  public var galleryPeople, galleryPictures: Int
  /// Probes of people in the gallery, and how many people these are.
  public var probes, probePeople: Int
  /// Probes left out because their person is not in the gallery.
  public var probesOutsideGallery: Int
  /// The share of probes whose person is the nearest, and its 95 % interval (Clopper–Pearson).
  public var top1: Double, top1CI95: [Double]
  /// The share of probes whose person is among the five nearest, and its interval.
  public var top5: Double, top5CI95: [Double]
  /// The place of each probe's person, from 1; not part of the JSON.
  public var ranks: [Int] = []

  private enum CodingKeys: String, CodingKey {
    case galleryPeople, galleryPictures, probes, probePeople, probesOutsideGallery
    case top1, top1CI95, top5, top5CI95
  }

  /// Looks for each probe's person in the gallery.
  ///
  /// - Throws: ``IdentificationError``.
  public init(
    gallery: LabelledEmbeddings, probes: LabelledEmbeddings
  ) throws(IdentificationError) {
    let known = Dictionary(grouping: gallery.rows.indices) { gallery.people[$0] }
      .sorted { $0.key < $1.key }
    guard known.count >= 2 else { throw .tooFewPeople(found: known.count) }
    for (set, other) in [(gallery, probes), (probes, gallery)] {
      guard let length = set.rows.first?.count else { continue }
      guard other.rows.allSatisfy({ $0.count == length }) else {
        throw .otherLength(
          gallery: gallery.rows[0].count, probes: probes.rows.first?.count ?? 0)
      }
      for (row, person) in zip(set.rows, set.people) where !row.allSatisfy(\.isFinite) {
        throw .notFinite(person: person)
      }
    }
    let places = Dictionary(uniqueKeysWithValues: known.enumerated().map { ($1.key, $0) })
    let asked = probes.rows.indices.filter { places[probes.people[$0]] != nil }
    guard !asked.isEmpty else { throw .noProbes(found: probes.rows.count) }
    ranks = asked.map { probe in
      let nearest = known.map { person in
        person.value.map { squaredDistance(probes.rows[probe], gallery.rows[$0]) }.min()
          ?? .infinity
      }
      let own = places[probes.people[probe]].map { nearest[$0] } ?? .infinity
      // The right person is one of those that are not further away than they are.
      return nearest.count { $0 <= own }
    }
    (galleryPeople, galleryPictures) = (known.count, gallery.rows.count)
    self.probes = asked.count
    probePeople = Set(asked.map { probes.people[$0] }).count
    probesOutsideGallery = probes.rows.count - asked.count
    func share(within rank: Int, _ ranks: [Int]) -> (Double, [Double]) {
      let rate = ErrorRate(errors: ranks.count { $0 <= rank }, trials: ranks.count)
      return (rate.value, rate.clopperPearson95.ends)
    }
    (top1, top1CI95) = share(within: 1, ranks)
    (top5, top5CI95) = share(within: 5, ranks)
  }

  /// The report as lines of text.
  public var text: String {
    """
    \(probes) probes of \(probePeople) people against \(galleryPictures) pictures of \
    \(galleryPeople) people\
    \(probesOutsideGallery > 0 ? "; left out: \(probesOutsideGallery) probes of others" : "")
    top-1 \(percent(top1)) \(interval(top1CI95)), chance \(percent(1 / Double(galleryPeople)))
    top-5 \(percent(top5)) \(interval(top5CI95)), chance \
    \(percent(min(1, 5 / Double(galleryPeople))))
    """
  }
}
