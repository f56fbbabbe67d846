private import Files
public import Images
private import SeededRandom

/// Aligned faces with the names of their people, for training.
///
/// Loads `identity/picture.{webp,png,jpg}` from folders and tar archives; a source
/// `synthetic:200x10:7` is 200 drawn people with 10 pictures each. Every file is decoded
/// once while loading, so what remains can be trusted: broken pictures, pictures of another size
/// than 128×128, exact duplicates and people with too few pictures are left out and reported.
/// People and pictures are ordered by name, whatever the order of the sources.
///
///     let faces = try IdentityDataset(sources: ["celeba-0.tar"])
///     let (training, validation) = faces.split(heldOut: 0.05, seed: 1)
///     let face = try training.image(at: 0)  // of training.people[training.labels[0]]
public struct IdentityDataset: Sendable {
  /// How faces are held in memory.
  public enum Storage: Sendable {
    /// As files, decoded when asked for: a few kilobytes each.
    case compressed
    /// As pixels: 48 KiB each, and no time to get at them.
    case pixels
  }

  /// The names of the people; a label is an index into them.
  public let people: [String]
  /// The person of each picture; pictures of one person are neighbours.
  public let labels: [Int]
  /// The name of each picture, `identity/picture`.
  public let names: [String]
  /// What was left out while loading; subsets keep the report of the whole.
  public let report: DatasetReport
  /// The indices of each person's pictures, by label.
  public let pictures: [Range<Int>]
  private let slots: [Int]
  private let store: FaceStore

  /// The number of pictures.
  public var count: Int { labels.count }

  /// Loads folders, tar archives and drawn populations.
  ///
  /// - Parameters:
  ///   - sources: paths of folders or archives, or `synthetic:PEOPLExIMAGES[:SEED]`.
  ///   - storage: how faces are held.
  ///   - minimumPictures: people with fewer are left out.
  ///   - limits: how large a picture may be.
  /// - Throws: ``DatasetError`` if a source cannot be read or nothing usable is left.
  public init(
    sources: [String], storage: Storage = .compressed, minimumPictures: Int = 2,
    limits: ImageLimits = .standard
  ) throws(DatasetError) {
    let loading = try DatasetLoading(
      sources: sources, isLabelled: true, keepsPixels: storage == .pixels,
      minimumPictures: minimumPictures, limits: limits)
    guard !loading.kept.isEmpty else {
      throw .noPictures(sources: sources, report: loading.report)
    }
    self.init(loading.kept, loading.store, loading.report)
  }

  /// The one person of pictures without labels.
  static let nobody = "unlabelled"

  /// Loads folders and tar archives of pictures of whoever, at any depth: all are of one person.
  ///
  /// - Throws: ``DatasetError`` if a source cannot be read or nothing usable is left.
  public init(
    unlabelled sources: [String], storage: Storage = .compressed, limits: ImageLimits = .standard
  ) throws(DatasetError) {
    let loading = try DatasetLoading(
      sources: sources, isLabelled: false, keepsPixels: storage == .pixels, minimumPictures: 1,
      limits: limits)
    guard !loading.kept.isEmpty else {
      throw .noUnlabelledPictures(sources: sources, report: loading.report)
    }
    self.init(loading.kept, loading.store, loading.report)
  }

  /// Creates a data set of pictures that are ordered by person.
  private init(
    _ kept: [(person: String, name: String, slot: Int)], _ store: FaceStore,
    _ report: DatasetReport
  ) {
    var (people, labels, pictures): ([String], [Int], [Range<Int>]) = ([], [], [])
    for (index, picture) in kept.enumerated() {
      if people.last.map(ExactName.init) != ExactName(picture.person) {
        people.append(picture.person)
        pictures.append(index..<index)
      }
      labels.append(people.count - 1)
      pictures[people.count - 1] = pictures[people.count - 1].lowerBound..<index + 1
    }
    (self.people, self.labels, self.pictures) = (people, labels, pictures)
    (names, slots) = (kept.map(\.name), kept.map(\.slot))
    (self.store, self.report) = (store, report)
  }

  /// Passes the 128×128×3 values of one face to `body` without copying them where possible.
  ///
  /// - Precondition: `index` is in `0..<count`.
  public func withPixels<Result>(
    at index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) throws(ImageError) -> Result {
    try store.withPixels(of: slots[index], name: names[index], body)
  }

  /// Returns one face.
  ///
  /// - Precondition: `index` is in `0..<count`.
  public func image(at index: Int) throws(ImageError) -> RGBImage {
    try withPixels(at: index) { RGBImage(width: 128, height: 128, pixels: Array($0)) }
  }

  /// Returns two data sets that share no person.
  ///
  /// Each person falls on one side by a hash of their name and the seed, so the same person falls
  /// on the same side in any other data set, too.
  ///
  /// - Parameters:
  ///   - fraction: the expected part of people held out, 0…1.
  ///   - seed: which people these are.
  /// - Returns: the people to train on and the people to validate on, with labels from 0 each.
  public func split(
    heldOut fraction: Double, seed: UInt64
  ) -> (training: IdentityDataset, validation: IdentityDataset) {
    let isHeldOut = people.map { SplitMix64.fraction(of: $0, seed: seed) < fraction }
    return (
      subset { !isHeldOut[labels[$0]] }, subset { isHeldOut[labels[$0]] }
    )
  }

  /// Returns the data set of the people that `isIncluded` names.
  public func people(where isIncluded: (String) -> Bool) -> IdentityDataset {
    let included = people.map(isIncluded)
    return subset { included[labels[$0]] }
  }

  private func subset(_ isIncluded: (Int) -> Bool) -> IdentityDataset {
    let kept = labels.indices.filter(isIncluded).map {
      (person: people[labels[$0]], name: names[$0], slot: slots[$0])
    }
    return IdentityDataset(kept, store, report)
  }
}
