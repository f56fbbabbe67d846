import Files
import Foundation
import Images

/// Why pictures of a folder cannot be worked on.
enum PictureFileError: Error, CustomStringConvertible {
  /// Nothing has this path.
  case missing(String)
  /// Two pictures would be written to one file.
  case sameName(String, String)
  /// The name cannot stand in a table.
  case unfitName(String)

  var description: String {
    switch self {
    case .missing(let path): "there is no picture and no folder '\(path)'"
    case .sameName(let first, let second): "'\(first)' and '\(second)' would get the same name"
    case .unfitName(let name): "the name '\(name)' has a comma or a line break"
    }
  }
}

/// A picture by its path, and by its name below what was asked for.
struct PictureFile {
  let path, name: String

  /// Something in a folder that could not be looked at.
  struct Omission {
    let path, reason: String

    /// Why, in words.
    var words: String { "'\(path)' is left out: \(reason)" }
  }

  /// The pictures of files and folders, in order, and what of the folders was left out.
  static func all(
    in paths: [String]
  ) throws(PictureFileError) -> (pictures: [PictureFile], omissions: [Omission]) {
    var (found, omissions): ([PictureFile], [Omission]) = ([], [])
    for path in paths {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw .missing(path)
      }
      guard isFolder.boolValue else {
        found.append(PictureFile(path: path, name: (path as NSString).lastPathComponent))
        continue
      }
      let listing = FolderListing(path: path, skipsHidden: true)
      found += listing.files.filter(isPicture).map {
        PictureFile(path: "\(path)/\($0)", name: $0)
      }
      omissions += listing.omissions.map {
        Omission(path: $0.path.isEmpty ? path : "\(path)/\($0.path)", reason: $0.reason)
      }
    }
    return (found, omissions)
  }

  /// Refuses pictures that differ in the name's extension alone: their results would share a name.
  static func checkDistinct(_ pictures: [PictureFile]) throws(PictureFileError) {
    var stems: [ExactName: String] = [:]
    for picture in pictures {
      let stem = (picture.name as NSString).deletingPathExtension
      if let other = stems.updateValue(picture.path, forKey: ExactName(stem)) {
        throw .sameName(other, picture.path)
      }
    }
  }

  private static func isPicture(_ name: String) -> Bool {
    ["png", "jpg", "jpeg", "webp"].contains((name as NSString).pathExtension.lowercased())
  }
}
