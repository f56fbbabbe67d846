public import FaceDatasets
public import Images

/// Aligned faces whose people are known, read when asked for.
public struct LabelledFaces: Sendable {
  /// What these people are, in words: `people in training`.
  public let group: String
  /// The person of each face.
  public let people: [String]
  private let read: @Sendable ([Int]) throws -> [RGBImage]

  /// Collects faces.
  ///
  /// - `read`: returns the faces at these places, in their order.
  public init(
    _ group: String, people: [String], read: @escaping @Sendable ([Int]) throws -> [RGBImage]
  ) {
    (self.group, self.people, self.read) = (group, people, read)
  }

  /// The faces of a data set.
  public init(_ group: String, _ data: IdentityDataset) {
    self.init(group, people: data.labels.map { data.people[$0] }) { places in
      try places.map { try data.image(at: $0) }
    }
  }

  /// Pictures of Labeled Faces in the Wild, by name: `Name/Name_0001.jpg`.
  public init(_ group: String, _ faces: LFWFaces, images: [String]) {
    self.init(group, people: images.map { String($0.prefix { $0 != "/" }) }) { places in
      try faces.faces(named: places.map { images[$0] })
    }
  }

  /// The number of faces.
  public var count: Int { people.count }

  /// The faces at these places, in their order.
  ///
  /// - Throws: what reading pictures throws.
  public func faces(at places: [Int]) throws -> [RGBImage] { try read(places) }

  /// The faces at these places as a group of their own, under the same words.
  public func subset(_ places: [Int]) -> LabelledFaces {
    let read = read
    return LabelledFaces(group, people: places.map { people[$0] }) { chosen in
      try read(chosen.map { places[$0] })
    }
  }
}
