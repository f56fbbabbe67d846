private import Files
public import Sealing

/// The templates of several people, each by a name of their own.
public struct FaceGallery: Equatable, Sendable {
  /// The templates, ordered by name.
  public let templates: [FaceTemplate]

  /// Collects templates.
  ///
  /// - Throws: ``FaceGalleryError``.
  public init(_ templates: [FaceTemplate]) throws(FaceGalleryError) {
    guard !templates.isEmpty else { throw .empty }
    let ordered = templates.sorted { ExactName($0.name) < ExactName($1.name) }
    for (first, second) in zip(ordered, ordered.dropFirst())
    where ExactName(first.name) == ExactName(second.name) {
      throw .sameName(first.name)
    }
    self.templates = ordered
  }

  /// Reads all templates in a folder and below it; hidden files are no part of it.
  ///
  /// - Throws: ``FaceGalleryError``, also if any file is not a template: a person who is left out in silence
  ///   would be refused at the door.
  public init(folder: String, key: SealingKey? = nil) throws(FaceGalleryError) {
    let listing = FolderListing(path: folder, skipsHidden: true)
    if let omission = listing.omissions.first {
      throw .unreadable(file: omission.path, reason: omission.reason)
    }
    var templates: [FaceTemplate] = []
    for file in listing.files {
      do {
        let bytes = try ReadableFile.bytes(
          of: "\(folder)/\(file)", limit: FaceTemplate.longestFile)
        templates.append(try FaceTemplate(file: bytes, key: key))
      } catch {
        throw .unreadable(file: file, reason: "\(error)")
      }
    }
    try self.init(templates)
  }
}

/// Why a gallery cannot be used.
public enum FaceGalleryError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is no template.
  case empty
  /// Two templates have one name.
  case sameName(String)
  /// A file is no template, or cannot be read.
  case unreadable(file: String, reason: String)

  public var description: String {
    switch self {
    case .empty: "the gallery has no template"
    case .sameName(let name): "the gallery has two templates of '\(name)'"
    case .unreadable(let file, let reason): "'\(file)' of the gallery: \(reason)"
    }
  }
}
