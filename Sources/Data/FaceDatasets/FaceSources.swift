private import Files
private import Foundation
import Images

/// One picture before it is read: its names and where it lies.
struct FoundPicture {
  enum Place {
    case file(String)
    case archive(TarArchive, TarArchive.Entry)
    case drawn(DrawnPicture)
    /// Why it cannot be read.
    case unreadable(String)
  }

  let person: String
  let file: String
  let place: Place

  /// Whether the other picture is of somebody else.
  func isOfAnother(than other: Self) -> Bool { ExactName(person) != ExactName(other.person) }

  var name: String { "\(person)/\(file)" }

  /// Takes a path whose last two parts are a person and a picture; `nil` for anything else.
  ///
  /// - `isLabelled`: whether folders are people; if not, all pictures are of one, wherever they lie.
  init?(path: String, place: Place, isLabelled: Bool) {
    let parts = path.split(separator: "/").filter { $0 != "." }
    guard parts.count >= (isLabelled ? 2 : 1), let file = parts.last, !file.hasPrefix("."),
      ["webp", "png", "jpg", "jpeg"].contains(file.split(separator: ".").last?.lowercased())
    else { return nil }
    person = isLabelled ? String(parts[parts.count - 2]) : IdentityDataset.nobody
    self.file = isLabelled ? String(file) : parts.joined(separator: "/")
    self.place = place
  }

  /// Takes a picture that is drawn when it is needed.
  init(_ drawn: DrawnPicture, isLabelled: Bool) {
    person = isLabelled ? drawn.personName : IdentityDataset.nobody
    file = isLabelled ? drawn.fileName : "\(drawn.personName)/\(drawn.fileName)"
    place = .drawn(drawn)
  }

  /// Reads the file, if there is one; its size is checked first.
  func content(limits: ImageLimits) throws(ImageError) -> PictureContent {
    switch place {
    case .drawn(let picture): return .drawn(picture)
    case .unreadable(let reason): throw .unreadable(name: name, reason: reason)
    case .file(let path): return .file(try RGBImage.fileBytes(path: path, limits: limits))
    case .archive(let archive, let entry):
      guard entry.range.count <= limits.bytes else {
        throw .tooManyBytes(name: name, bytes: entry.range.count, limit: limits.bytes)
      }
      do {
        return .file(try archive.bytes(of: entry))
      } catch {
        throw .unreadable(name: name, reason: error.description)
      }
    }
  }

  /// Lists the pictures of folders, archives and drawn populations, ordered by person and picture.
  static func all(in sources: [String], isLabelled: Bool) throws(DatasetError) -> [FoundPicture] {
    var found: [FoundPicture] = []
    for source in sources {
      if let population = try DrawnPopulation(source: source) {
        found += population.pictures.map { FoundPicture($0, isLabelled: isLabelled) }
        continue
      }
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: source, isDirectory: &isFolder) else {
        throw .missing(source: source)
      }
      found +=
        isFolder.boolValue
        ? try pictures(folder: source, isLabelled) : try pictures(archive: source, isLabelled)
    }
    // Sorting is stable, so equal names stay in the order of the sources.
    return found.sorted {
      (ExactName($0.person), ExactName($0.file)) < (ExactName($1.person), ExactName($1.file))
    }
  }

  /// The pictures of a folder; what was measured or trained on half of it would not be what was asked for.
  private static func pictures(
    folder: String, _ isLabelled: Bool
  ) throws(DatasetError) -> [FoundPicture] {
    let listing = FolderListing(path: folder)
    if let omission = listing.omissions.first {
      throw .unreadable(
        path: omission.path.isEmpty ? folder : "\(folder)/\(omission.path)",
        reason: omission.reason, count: listing.omissions.count)
    }
    return listing.files.compactMap { name in
      FoundPicture(path: name, place: .file("\(folder)/\(name)"), isLabelled: isLabelled)
    }
  }

  private static func pictures(
    archive path: String, _ isLabelled: Bool
  ) throws(DatasetError) -> [FoundPicture] {
    let archive: TarArchive
    do { archive = try TarArchive(path: path) } catch { throw .archive(error) }
    return archive.entries.compactMap { entry in
      FoundPicture(
        path: entry.name, place: .archive(archive, entry), isLabelled: isLabelled)
    }
      + archive.sparse.compactMap { name in
        FoundPicture(
          path: name, place: .unreadable("it is stored as a sparse file, with holes"),
          isLabelled: isLabelled)
      }
  }
}
