import Images
private import SyntheticFaces

/// People who do not exist, drawn when their pictures are needed: `synthetic:PEOPLExIMAGES[:SEED]`.
struct DrawnPopulation {
  static let (mostPeople, mostPictures) = (100_000, 1000)
  static let prefix = "synthetic:"

  let people, images: Int
  let seed: UInt64

  /// Reads a source; `nil` if it is none of these.
  ///
  /// - Throws: ``DatasetError/population(source:)`` if numbers are missing or out of range.
  init?(source: String) throws(DatasetError) {
    guard source.hasPrefix(Self.prefix) else { return nil }
    let parts = source.dropFirst(Self.prefix.count).split(
      separator: ":", omittingEmptySubsequences: false)
    let sizes = parts[0].split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count <= 2, sizes.count == 2, let people = sizes[0], let images = sizes[1],
      (1...Self.mostPeople).contains(people), (1...Self.mostPictures).contains(images),
      let seed = parts.count == 2 ? UInt64(parts[1]) : 1
    else { throw .population(source: source) }
    (self.people, self.images, self.seed) = (people, images, seed)
  }

  var pictures: [DrawnPicture] {
    (0..<people).flatMap { person in
      (0..<images).map { DrawnPicture(seed: seed, person: person, number: $0) }
    }
  }
}

/// One picture of a drawn population.
struct DrawnPicture: Hashable, Sendable {
  let seed: UInt64
  let person, number: Int

  var personName: String { "synthetic-\(seed)-\(Self.digits(person, 6))" }
  var fileName: String { "\(Self.digits(number, 3)).png" }

  var image: RGBImage {
    FaceRenderer.alignedFace(
      of: Person(number: person, of: seed),
      Appearance(number: number, ofPerson: person, of: seed)
    ).image
  }

  /// Zeros in front keep names in the order of numbers.
  private static func digits(_ number: Int, _ count: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, count - text.count)) + text
  }
}
