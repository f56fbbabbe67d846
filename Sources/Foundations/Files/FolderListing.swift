private import Glibc

/// The files in a folder and below it, with what could not be looked at.
///
/// Links are followed, to folders as well. Nothing is passed over in silence: what cannot be read is told
/// by name.
public struct FolderListing: Sendable {
  /// Something that was left out.
  public struct Omission: Equatable, Sendable {
    /// The path below the folder; empty for the folder itself.
    public let path: String
    /// Why it was left out.
    public let reason: String
  }

  /// The paths of all files below the folder, ordered by their bytes.
  public private(set) var files: [String] = []
  /// What was left out, in the order of its discovery.
  public private(set) var omissions: [Omission] = []

  private let root: String
  private let skipsHidden: Bool

  /// Lists a folder.
  ///
  /// - `skipsHidden`: whether names that begin with a dot, and what is below them, are no part of it.
  public init(path: String, skipsHidden: Bool = false) {
    (root, self.skipsHidden) = (path, skipsHidden)
    list("", below: [])
    files.sort { ExactName($0) < ExactName($1) }
  }

  /// A folder's number on this machine, by which a way that leads in a circle is seen.
  private struct Identity: Hashable {
    let device, number: UInt
  }

  private mutating func list(_ path: String, below parents: Set<Identity>) {
    let place = path.isEmpty ? root : "\(root)/\(path)"
    var status = stat()
    guard stat(place, &status) == 0, let folder = opendir(place) else {
      omissions.append(Omission(path: path, reason: String(cString: strerror(errno))))
      return
    }
    defer { closedir(folder) }
    let identity = Identity(device: UInt(status.st_dev), number: UInt(status.st_ino))
    guard !parents.contains(identity) else {
      omissions.append(Omission(path: path, reason: "the link leads back to a folder above it"))
      return
    }
    for name in Self.names(in: folder) where !(skipsHidden && name.starts(with: ".".utf8)) {
      guard let text = String(validating: name, as: UTF8.self) else {
        let shown = String(decoding: name, as: UTF8.self)
        omissions.append(
          Omission(path: path.isEmpty ? shown : "\(path)/\(shown)", reason: "the name is not UTF-8")
        )
        continue
      }
      add(path.isEmpty ? text : "\(path)/\(text)", below: parents.union([identity]))
    }
  }

  private mutating func add(_ path: String, below parents: Set<Identity>) {
    var status = stat()
    // A file that cannot be looked at is told of by whoever reads it; a folder would be by nobody.
    guard stat("\(root)/\(path)", &status) == 0 else {
      let reason = String(cString: strerror(errno))
      omissions.append(Omission(path: path, reason: reason))
      return
    }
    if status.st_mode & S_IFMT == S_IFDIR { list(path, below: parents) } else { files.append(path) }
  }

  /// Why the names of a folder cannot be had.
  public struct Failure: Error, Equatable, CustomStringConvertible {
    /// The reason.
    public let description: String
  }

  /// The names in a folder alone, ordered by their bytes.
  ///
  /// - Throws: ``Failure``, also if a name is not UTF-8.
  public static func names(in path: String) throws(Failure) -> [String] {
    guard let folder = opendir(path) else {
      throw Failure(description: "the folder cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { closedir(folder) }
    return try names(in: folder).map { (name) throws(Failure) -> String in
      guard let text = String(validating: name, as: UTF8.self) else {
        throw Failure(
          description: "the name '\(String(decoding: name, as: UTF8.self))' is not UTF-8")
      }
      return text
    }
  }

  /// The names in an open folder but `.` and `..`, ordered by their bytes.
  private static func names(in folder: OpaquePointer) -> [[UInt8]] {
    var names: [[UInt8]] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if name != Array(".".utf8) && name != Array("..".utf8) { names.append(name) }
    }
    return names.sorted { $0.lexicographicallyPrecedes($1) }
  }
}
