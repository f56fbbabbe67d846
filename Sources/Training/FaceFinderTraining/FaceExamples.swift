internal import FaceDatasets
private import FaceFinding
public import Faces
public import Images
private import SeededRandom

/// Why pictures cannot serve a detector's training.
public enum FaceExamplesError: Error, Equatable, CustomStringConvertible {
  /// There are too few pictures to learn from.
  case tooFew(found: Int, expected: Int)

  public var description: String {
    switch self {
    case .tooFew(let found, let expected):
      "\(found) pictures with known points; expected at least \(expected)"
    }
  }
}

/// Pictures in which one face's five points are known.
public struct FaceExamples: Sendable {
  /// One picture, read when asked for.
  public struct Example: Sendable {
    /// The picture's name.
    public let name: String
    /// The face's points, in pixels of the picture.
    public let landmarks: Landmarks
    /// Whether the points were found in this picture, or are the aligned frame's.
    public let isExact: Bool
    let archive: TarArchive
    let entry: TarArchive.Entry

    /// Reads and decodes the picture.
    ///
    /// - Throws: `TarError` or `ImageError`.
    public func picture() throws -> RGBImage {
      try RGBImage.decode(archive.bytes(of: entry), name: name).image
    }
  }

  /// The pictures, in a fixed order.
  public private(set) var examples: [Example]

  /// The share of people (of CelebA: of pictures) that no training of the detector sees.
  public static let heldOutShare = 0.2

  /// Whether a person, or a picture of nobody known, is kept for evaluation.
  public static func isHeldOut(_ name: String) -> Bool {
    SplitMix64.fraction(of: name, seed: 10) < heldOutShare
  }

  /// Takes the pictures of archives of which `table` knows the points and `isWanted` the names.
  ///
  /// - Throws: `TarError` or `LandmarkTableError`.
  public init(
    archives: [String], table path: String, isWanted: (_ name: String) -> Bool
  ) throws {
    let table = try LandmarkTable(path: path)
    let known = Set(table.images)
    examples = []
    for path in archives {
      let archive = try TarArchive(path: path)
      for entry in archive.entries where known.contains(entry.name) && isWanted(entry.name) {
        examples.append(
          Example(
            name: entry.name, landmarks: try table.landmarks(of: entry.name), isExact: true,
            archive: archive, entry: entry))
      }
    }
  }

  /// Takes all pictures of archives of aligned faces.
  ///
  /// - Throws: `TarError`.
  public init(aligned archives: [String]) throws {
    examples = []
    for path in archives {
      let archive = try TarArchive(path: path)
      for entry in archive.entries {
        examples.append(
          Example(
            name: entry.name, landmarks: .usual, isExact: false, archive: archive, entry: entry))
      }
    }
  }

  /// The pictures of a `frames` folder: those held out, or the others.
  ///
  /// LFW's are told apart by person, and nobody of `excluded` is among the others.
  ///
  /// - Throws: `TarError` or `LandmarkTableError`.
  public init(frames folder: String, heldOut: Bool, excluded: Set<String> = []) throws {
    try self.init(
      archives: ["lfw-frames.tar", "wild-frames.tar"].map { "\(folder)/\($0)" },
      table: "\(folder)/landmarks.csv"
    ) { name in
      let key = Self.key(of: name)
      return heldOut ? Self.isHeldOut(key) : !Self.isHeldOut(key) && !excluded.contains(key)
    }
  }

  /// The pictures of both views of LFW, without the people held out and those of the last fold.
  ///
  /// - Throws: `TarError`, `LandmarkTableError` or `LFWProtocolError`.
  public init(lfw folder: String) throws {
    let excluded = try Self.lastFold(lfw: folder)
    try self.init(
      archives: ["view1.tar", "view2.tar"].map { "\(folder)/\($0)" },
      table: "\(folder)/landmarks.csv"
    ) { name in
      let key = Self.key(of: name)
      return !Self.isHeldOut(key) && !excluded.contains(key)
    }
  }

  /// The people of View 2's last fold, who are never trained on.
  ///
  /// - Throws: `LFWProtocolError`.
  public static func lastFold(lfw folder: String) throws -> Set<String> {
    let last = try LFWProtocol(path: "\(folder)/pairs.txt").folds.last ?? []
    return Set(last.flatMap { [key(of: $0.first), key(of: $0.second)] })
  }

  /// The person of `Name/Name_0001.jpg`; pictures of CelebA have only their own names.
  static func key(of name: String) -> String {
    let person = name.split(separator: "/").first.map(String.init) ?? name
    return person == "celeba" ? name : person
  }
}
