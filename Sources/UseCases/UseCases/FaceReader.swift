public import Embedders
public import FaceFinding
public import Faces
public import Images
public import Screening

/// A reader of pictures: decodes them and brings their faces into the aligned frame, with the one set of
/// errors that every door has.
public struct FaceReader: Sendable {
  /// Where the face is if a request does not say.
  public var usual: FacePlace
  /// Points of files by name, which count before ``usual``.
  public var table: LandmarkTable?
  /// The size of pictures.
  public var limits: ImageLimits
  /// The frames in which networks from elsewhere want faces.
  public var ownInputs: [FaceInput]

  /// Creates a reader.
  public init(
    usual: FacePlace = .aligned, table: LandmarkTable? = nil, limits: ImageLimits = .standard,
    ownInputs: [FaceInput] = []
  ) {
    (self.usual, self.table, self.limits, self.ownInputs) = (usual, table, limits, ownInputs)
  }

  /// The finder of faces, where there is one.
  public var finder: FaceFinder? { if case .found(let finder) = usual { finder } else { nil } }

  /// Reads a picture and aligns its face.
  ///
  /// - Throws: ``Problem``; see ``Problem/init(_:)``.
  public func face(of request: PictureRequest) throws(Problem) -> FacePicture {
    do {
      switch request.content {
      case .path(let path):
        return try FacePicture(
          path: path, place: place(of: path, request), ownInputs: ownInputs, limits: limits)
      case .bytes(let bytes):
        return try FacePicture(
          bytes: bytes, name: request.name, place: request.place ?? usual, ownInputs: ownInputs,
          limits: limits)
      case .pixels(let image):
        return try FacePicture(
          image: image, name: request.name, place: request.place ?? usual, ownInputs: ownInputs)
      }
    } catch {
      throw Problem(error)
    }
  }

  private func place(of path: String, _ request: PictureRequest) throws -> FacePlace {
    if let place = request.place { return place }
    guard let table else { return usual }
    return .given(try table.landmarks(ofPath: path))
  }

  /// Lends a whole picture, when `PictureMemory.shared` has room for it.
  ///
  /// - `bytesPerPixel`: what a pixel takes at most until the work is done.
  /// - Throws: ``Problem``; see ``Problem/init(_:)``.
  public func withImage<Result>(
    of request: PictureRequest, bytesPerPixel: Int = PictureMemory.bytesPerPixel,
    _ work: (RGBImage) throws -> Result
  ) throws(Problem) -> Result {
    let memory = PictureMemory.shared
    func decoded(_ bytes: [UInt8], _ name: String) throws -> Result {
      try memory.withRoom(for: bytes, limits: limits, bytesPerPixel: bytesPerPixel) {
        try work(RGBImage.decode(bytes, name: name, limits: limits).image)
      }
    }
    do {
      switch request.content {
      case .path(let path):
        return try decoded(RGBImage.fileBytes(path: path, limits: limits), path)
      case .bytes(let bytes): return try decoded(bytes, request.name)
      case .pixels(let image):
        return try memory.withRoom(
          forPixels: image.width * image.height, bytesPerPixel: bytesPerPixel
        ) { try work(image) }
      }
    } catch {
      throw Problem(error)
    }
  }
}

extension LandmarkTable {
  /// The row of the whole path, or else of its last parts.
  fileprivate func landmarks(ofPath path: String) throws(LandmarkTableError) -> Landmarks {
    let parts = path.split(separator: "/")
    for first in parts.indices {
      let name = parts[first...].joined(separator: "/")
      if describes(name) { return try landmarks(of: name) }
    }
    return try landmarks(of: path)
  }
}
