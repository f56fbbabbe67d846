public import Faces
public import Images

/// Why the pictures of Labeled Faces in the Wild cannot be used.
public enum LFWFacesError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No archive of the directory holds this picture.
  case missingPicture(String, directory: String)
  /// Two archives of the directory hold this picture.
  case duplicatePicture(String, directory: String)

  public var description: String {
    switch self {
    case .missingPicture(let name, let directory):
      "no picture '\(name)' in \(LFWFaces.archives.joined(separator: " or ")) of '\(directory)'"
    case .duplicatePicture(let name, let directory):
      "'\(name)' lies twice in the archives of '\(directory)'"
    }
  }
}

/// The pictures of Labeled Faces in the Wild, brought into the aligned frame when asked for.
///
/// Reads `view1.tar`, `view2.tar` and `landmarks.csv` of one directory. Thread-safe.
///
///     let faces = try LFWFaces(directory: "lfw")
///     let views = try LFWProtocol(path: "lfw/pairsDevTest.txt")
///     let face = try faces.face(named: views.folds[0][0].first)
public struct LFWFaces: Sendable {
  static let archives = ["view1.tar", "view2.tar"]

  /// The directory of the archives.
  public let directory: String
  /// The landmarks of every picture, in pixels of the picture.
  public let landmarks: LandmarkTable
  private let places: [String: (archive: TarArchive, entry: TarArchive.Entry)]

  /// The same pictures with other landmarks.
  public func with(landmarks: LandmarkTable) -> LFWFaces {
    LFWFaces(directory: directory, landmarks: landmarks, places: places)
  }

  private init(
    directory: String, landmarks: LandmarkTable,
    places: [String: (archive: TarArchive, entry: TarArchive.Entry)]
  ) {
    (self.directory, self.landmarks, self.places) = (directory, landmarks, places)
  }

  /// The names of all pictures, ordered.
  public var images: [String] { places.keys.sorted() }

  /// Opens the archives and reads the landmarks; no picture is decoded yet.
  ///
  /// - Throws: ``TarError``, ``LandmarkTableError`` or ``LFWFacesError``.
  public init(directory: String) throws {
    var places: [String: (archive: TarArchive, entry: TarArchive.Entry)] = [:]
    for name in Self.archives {
      let archive = try TarArchive(path: "\(directory)/\(name)")
      for entry in archive.entries {
        guard places.updateValue((archive, entry), forKey: entry.name) == nil else {
          throw LFWFacesError.duplicatePicture(entry.name, directory: directory)
        }
      }
    }
    landmarks = try LandmarkTable(path: "\(directory)/landmarks.csv")
    (self.directory, self.places) = (directory, places)
  }

  /// Returns a picture as it lies in the archive.
  ///
  /// - Throws: ``LFWFacesError``, ``TarError`` or `ImageError`.
  public func image(named name: String) throws -> RGBImage {
    guard let place = places[name] else {
      throw LFWFacesError.missingPicture(name, directory: directory)
    }
    return try RGBImage.decode(place.archive.bytes(of: place.entry), name: name).image
  }

  /// Returns the face of a picture in the aligned frame, 128×128.
  ///
  /// - Throws: what ``image(named:)`` throws, `LandmarkTableError` or `AlignmentError`.
  public func face(named name: String) throws -> RGBImage {
    try AlignedFrame.align(image(named: name), landmarks: landmarks.landmarks(of: name))
  }

  /// Returns the faces of many pictures in the aligned frame, decoded in parallel, in order.
  ///
  /// - Throws: the error of the first picture that fails.
  public func faces(named names: [String]) throws -> [RGBImage] {
    var results = [Result<RGBImage, any Error>?](repeating: nil, count: names.count)
    results.withUnsafeMutableBufferPointer { results in
      // Unchecked: each iteration writes its own place only.
      nonisolated(unsafe) let results = results
      inChunks(of: 16, count: names.count) { index in
        results[index] = Result { try face(named: names[index]) }
      }
    }
    return try results.compactMap { try $0?.get() }
  }
}
