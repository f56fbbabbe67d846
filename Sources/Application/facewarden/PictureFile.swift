import Foundation

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

  /// The pictures of files and folders, in order.
  static func all(in paths: [String]) throws(PictureFileError) -> [PictureFile] {
    var found: [PictureFile] = []
    for path in paths {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw .missing(path)
      }
      guard isFolder.boolValue else {
        found.append(PictureFile(path: path, name: (path as NSString).lastPathComponent))
        continue
      }
      let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
      for name in names.sorted() where isPicture(name) {
        found.append(PictureFile(path: "\(path)/\(name)", name: name))
      }
    }
    return found
  }

  /// Refuses pictures that differ in the name's extension alone: their results would share a name.
  static func checkDistinct(_ pictures: [PictureFile]) throws(PictureFileError) {
    var stems: [String: String] = [:]
    for picture in pictures {
      let stem = (picture.name as NSString).deletingPathExtension
      if let other = stems.updateValue(picture.path, forKey: stem) {
        throw .sameName(other, picture.path)
      }
    }
  }

  private static func isPicture(_ name: String) -> Bool {
    ["png", "jpg", "jpeg", "webp"].contains((name as NSString).pathExtension.lowercased())
      && !name.split(separator: "/").contains { $0.hasPrefix(".") }
  }
}
