import AttackSets
import CommandLineArguments
import Experiments
import FaceDatasets
import Foundation
import Images
import Screening

/// Where an attack set's pairs and pictures come from.
struct AttackPairSource {
  private enum Kind { case lfw, csv, folder }

  private let kind: Kind
  private let path, images: String
  private let perFold, limit: Int?

  /// Checks the options.
  init(_ arguments: Arguments) throws {
    path = try arguments.value("--pairs", .text)
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    kind = exists && isFolder.boolValue ? .folder : path.hasSuffix(".csv") ? .csv : .lfw
    guard let images = arguments.text("--images") ?? (kind == .folder ? path : nil) else {
      throw UsageError.missingOption("--images", valueName: "DIR")
    }
    self.images = images
    perFold = try arguments.optional("--per-fold", .integer(in: 1...1_000_000))
    limit = try arguments.optional("--limit", .integer(in: 1...100_000_000))
    if perFold != nil && kind != .lfw {
      throw UsageError.conflict("'--per-fold' goes with LFW's pairs only")
    }
    if limit != nil && kind != .folder {
      throw UsageError.conflict("'--limit' goes with a folder of pictures only")
    }
  }

  /// Reads the pairs, and says how to get a picture.
  func open(seed: UInt64) throws -> ([AttackPair], (String) throws -> RGBImage) {
    if kind == .lfw {
      let pairs = AttackPairs.mismatched(of: try LFWProtocol(path: path), perFold: perFold)
      let faces = try LFWFaces(directory: images)
      return (pairs, { try faces.face(named: $0) })
    }
    let pairs =
      kind == .csv
      ? try AttackPairs.csv(path: path)
      : try AttackPairs.folder(path: path, limit: limit, seed: seed)
    return (pairs, { try FacePicture(path: images + "/" + $0, landmarks: nil).face })
  }
}
