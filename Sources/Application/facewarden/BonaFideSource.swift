import AttackSets
import CommandLineArguments
import DetectorTraining
import Experiments
import FaceDatasets
import Foundation
import Images
import Screening

/// Untouched pictures beside those of attack sets: LFW's lists, or folders of `person/picture`.
struct BonaFideSource {
  static let options: [CommandOption] = [
    .value(
      "--bona-fide", "PATH",
      "More untouched pictures: one of LFW's lists of pairs, or a folder of person/picture, aligned; "
        + "may be repeated.", isRepeatable: true),
    .value("--images", "DIR", "LFW's folder, for its lists."),
  ]

  private let lists, folders: [String]
  private let images: String

  /// Checks the options; nil if there are none.
  init?(_ arguments: Arguments) throws {
    let paths = try arguments.all("--bona-fide", .text)
    func isFolder(_ path: String) -> Bool {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        && isFolder.boolValue
    }
    (lists, folders) = (paths.filter { !isFolder($0) }, paths.filter(isFolder))
    if lists.isEmpty && arguments.has("--images") {
      throw UsageError.conflict("'--images' goes with LFW's lists, given by '--bona-fide'")
    }
    if !lists.isEmpty && !arguments.has("--images") {
      throw UsageError.missingOption("--images", valueName: "DIR")
    }
    images = arguments.text("--images") ?? ""
    if paths.isEmpty { return nil }
  }

  /// Lists the pictures, and says how to get one.
  func open() throws -> DetectionExamples.Untouched {
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
    let faces = lists.isEmpty ? nil : try LFWFaces(directory: images)
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
