import AttackSets
import CommandLineArguments
import DetectorTraining
import Experiments
import FaceDatasets
import Foundation
import Images
import Screening

/// Untouched pictures beside those of attack sets: LFW's lists, or folders of `person/picture`.
struct BonaFideSource: CommandSettings {
  private var paths: [String] = []
  private var images: String?
  private var lists: [String] = []
  private var folders: [String] = []

  static let settings: [Setting<Self>] = [
    .repeated(
      "--bona-fide", "PATH",
      "More untouched pictures: one of LFW's lists of pairs, or a folder of person/picture, aligned; "
        + "may be repeated.", \.paths, .text),
    .optional("--images", "DIR", "LFW's folder, for its lists.", \.images, .text),
  ]

  mutating func check(_ arguments: Arguments) throws {
    func isFolder(_ path: String) -> Bool {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        && isFolder.boolValue
    }
    (lists, folders) = (paths.filter { !isFolder($0) }, paths.filter(isFolder))
    if lists.isEmpty && images != nil {
      throw UsageError.conflict("'--images' goes with LFW's lists, given by '--bona-fide'")
    }
    if !lists.isEmpty && images == nil {
      throw UsageError.missingOption("--images", valueName: "DIR")
    }
  }

  /// Lists the pictures, and says how to get one; nil if none are given.
  func open() throws -> DetectionExamples.Untouched? {
    if paths.isEmpty { return nil }
    var names: [String] = []
    var owners: [String: String] = [:]
    for folder in folders {
      for name in try AttackPairs.pictures(in: folder).joined()
      where owners.updateValue(folder, forKey: name) == nil {
        names.append(name)
      }
    }
    var listed: Set<String> = []
    var folds: [String: Int] = [:]
    for list in lists {
      let list = try LFWProtocol(path: list)
      listed.formUnion(list.images)
      // A list of one fold is no protocol of folds.
      guard list.folds.count > 1 else { continue }
      for pair in list.pairs { (folds[pair.first], folds[pair.second]) = (pair.fold, pair.fold) }
    }
    names += listed.subtracting(owners.keys).sorted()
    let faces = try lists.isEmpty ? nil : images.map { try LFWFaces(directory: $0) }
    return (
      names, folds,
      { name in
        if let folder = owners[name] {
          return try FacePicture(path: folder + "/" + name, landmarks: nil).face
        }
        guard let faces else { preconditionFailure("\(name) is in no list and no folder") }
        return try faces.face(named: name)
      }
    )
  }
}
