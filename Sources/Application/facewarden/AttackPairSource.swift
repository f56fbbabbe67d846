import AttackSets
import Attacks
import CommandLineArguments
import FaceDatasets
import FaceFinding
import Foundation
import Images
import Screening

/// Where an attack set's pairs and pictures come from.
struct AttackPairSource: CommandSettings {
  private enum Kind { case lfw, csv, folder }

  private var kind = Kind.lfw
  private var path = ""
  private var givenImages: String?
  private var images = ""
  private var perFold: Int?
  private var limit: Int?
  /// Whether changes are put into photographs.
  private(set) var isWhole = false
  private var hasOtherEnrolled = false
  private var finding = FindingOptions()

  static let settings: [Setting<Self>] =
    [
      .required(
        "--pairs", "PATH", "LFW's pairs.txt, a CSV of source,target, or a folder.", \.path, .text),
      .optional(
        "--images", "DIR",
        "LFW's folder, or that of the CSV's aligned pictures; the folder of pairs by itself.",
        \.givenImages, .text),
      .optional(
        "--per-fold", "N", "Of LFW's pairs, so many mismatched ones a fold.", \.perFold,
        .integer(in: 1...1_000_000)),
      .optional(
        "--limit", "N", "Of a folder's pictures, so many as sources.", \.limit,
        .integer(in: 1...100_000_000)),
      .flag(
        "--whole", "Puts changes into whole photographs, in which faces are found.", \.isWhole),
      .flag(
        "--other-enrolled",
        "Another picture of the target's person decides than the attacker has; pairs without one are "
          + "left out.", \.hasOtherEnrolled),
    ] + part(\.finding)

  mutating func check(_ arguments: Arguments) throws {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    kind = exists && isFolder.boolValue ? .folder : path.hasSuffix(".csv") ? .csv : .lfw
    guard let images = givenImages ?? (kind == .folder ? path : nil) else {
      throw UsageError.missingOption("--images", valueName: "DIR")
    }
    self.images = images
    try finding.refuse(unless: isWhole)
    if perFold != nil && kind != .lfw {
      throw UsageError.conflict("'--per-fold' goes with LFW's pairs only")
    }
    if hasOtherEnrolled && kind == .csv {
      throw UsageError.conflict(
        "'--other-enrolled' finds the picture by itself; a CSV names it in a third column, enrolled"
      )
    }
    if limit != nil && kind != .folder {
      throw UsageError.conflict("'--limit' goes with a folder of pictures only")
    }
  }

  /// Reads the pairs, and says how to get pictures.
  func open(seed: UInt64, _ models: ModelsFolder) throws -> ([AttackPair], AttackPictures) {
    let finder = try isWhole ? finding.finder(models) : nil
    if kind == .lfw {
      let views = try LFWProtocol(path: path)
      let faces = try LFWFaces(directory: images)
      let pairs = AttackPairs.mismatched(of: views, perFold: perFold)
      return (
        hasOtherEnrolled
          ? AttackPairs.withOtherEnrolled(pairs, people: AttackPairs.people(of: views)) : pairs,
        Self.pictures(finder, aligned: { try faces.face(named: $0) }) {
          try faces.image(named: $0)
        }
      )
    }
    let pairs =
      kind == .csv
      ? try AttackPairs.csv(path: path)
      : try AttackPairs.folder(path: path, limit: limit, seed: seed)
    let images = images
    return (
      hasOtherEnrolled
        ? AttackPairs.withOtherEnrolled(pairs, people: try AttackPairs.pictures(in: path)) : pairs,
      Self.pictures(
        finder, aligned: { try FacePicture(path: images + "/" + $0, landmarks: nil).face }
      ) { try RGBImage.read(path: images + "/" + $0).image }
    )
  }

  /// Aligned faces as they lie there; of photographs, what the finder finds.
  private static func pictures(
    _ finder: FaceFinder?, aligned: @escaping (String) throws -> RGBImage,
    photograph: @escaping (String) throws -> RGBImage
  ) -> AttackPictures {
    guard let finder else { return AttackPictures(face: aligned) }
    var pictures = AttackPictures { try finder.face(in: photograph($0), name: $0).aligned }
    pictures.photograph = photograph
    pictures.find = { try AttackedPhotograph($0, name: $1, finder: finder) }
    return pictures
  }
}
