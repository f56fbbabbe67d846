public import Images
public import Reconstruction
private import SeededRandom
private import Tensors

/// Contact sheets like the paper's figures, of faces drawn by a seed.
///
/// They show the people of the group: keep them as private as its pictures.
public struct SynthesisSheets: Sendable {
  private let group: LabelledFaces
  private let seed: UInt64

  /// Prepares sheets of a group.
  public init(_ group: LabelledFaces, seed: UInt64) { (self.group, self.seed) = (group, seed) }

  /// Figures 5 and 6: identities in the first column, attributes in the first row, and what becomes of
  /// both where they meet.
  ///
  /// - Throws: ``ExperimentError`` if there are too few people, and what reading pictures throws.
  public func transformations(
    _ networks: FaceReconstructor, rows: Int, columns: Int
  ) throws -> RGBImage {
    let faces = try draw("transformations", rows + columns)
    let codes = networks.codes(of: faces)
    let (identities, attributes) = (faces.prefix(rows), Array(faces.dropFirst(rows)))
    let blank = RGBImage(
      width: faces[0].width, height: faces[0].height, red: 255, green: 255, blue: 255)
    let lenders = codes.entries(Array(rows..<rows + columns))
    return ContactSheet.make(
      [[blank] + attributes]
        + identities.enumerated().map { row, face in
          let own = codes.entries(Array(repeating: row, count: columns))
          return [face] + networks.faces(of: own.with(attributesOf: lenders))
        })
  }

  /// Figure 3: identities in the first row, attributes in the second, then a row for each model.
  ///
  /// - Throws: as ``transformations(_:rows:columns:)`` does.
  public func comparison(_ models: [NamedNetworks], columns: Int) throws -> RGBImage {
    let faces = try draw("comparison", 2 * columns)
    let (identities, attributes) = (Array(faces.prefix(columns)), Array(faces.suffix(columns)))
    return ContactSheet.make(
      [identities, attributes]
        + models.map { model in
          let own = model.networks.codes(of: identities)
          return model.networks.faces(
            of: own.with(attributesOf: model.networks.codes(of: attributes)))
        })
  }

  /// Figure 7: faces, and below each the same turned to the front.
  ///
  /// - Throws: as ``transformations(_:rows:columns:)`` does.
  public func frontalizations(_ networks: FaceReconstructor, columns: Int) throws -> RGBImage {
    let faces = try draw("frontalizations", columns)
    return ContactSheet.make([
      faces, faces.map { Frontalization.face(of: $0, networks: networks) },
    ])
  }

  /// Figure 8: in each row the way from one person's attributes to another's, pictures at both ends.
  ///
  /// - Throws: as ``transformations(_:rows:columns:)`` does.
  public func morphs(_ networks: FaceReconstructor, rows: Int, steps: Int) throws -> RGBImage {
    let faces = try draw("morphs", 2 * rows)
    return ContactSheet.make(
      (0..<rows).map { row in
        let ends = [faces[2 * row], faces[2 * row + 1]]
        let path = networks.codes(of: ends).morph(.attributes, steps: steps)
        return [ends[0]] + networks.faces(of: path) + [ends[1]]
      })
  }

  /// One picture each of so many people.
  private func draw(_ name: String, _ count: Int) throws -> [RGBImage] {
    var random = SplitMix64(seed: seed).derived(from: name)
    let known = Dictionary(grouping: group.people.indices) { group.people[$0] }
      .sorted { $0.key < $1.key }
    guard known.count >= count else {
      throw ExperimentError.tooFewPeople(
        group: group.group, pictures: 1, found: known.count, needed: count)
    }
    let places = random.shuffled(known).prefix(count).map { person in
      person.value[random.uniform(in: 0..<person.value.count)]
    }
    return try group.faces(at: places)
  }
}
