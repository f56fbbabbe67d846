import Foundation

/// Why a folder for results cannot be had.
struct OutputFolderError: Error, CustomStringConvertible {
  let path, reason: String

  var description: String { "the folder '\(path)' cannot be made: \(reason)" }
}

/// Folders that results are written to.
enum OutputFolder {
  /// Makes a folder and those above it, unless they are there.
  static func make(_ path: String) throws(OutputFolderError) {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
      guard isFolder.boolValue else {
        throw OutputFolderError(path: path, reason: "a file has that name")
      }
      return
    }
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw OutputFolderError(path: path, reason: error.localizedDescription)
    }
  }
}
