import CFacewarden
import Embedders
import Images
import Screening
import UseCases

/// A picture that C lends, taken over.
enum PictureInput {
  /// In a file of this machine.
  case path(String)
  /// A file's contents.
  case file([UInt8])
  /// Pixels.
  case pixels(RGBImage)

  /// Takes over a picture; what is wrong with the arguments is told, and nothing beyond `byte_count` is read.
  ///
  /// - `name`: the parameter's name, which errors call the picture.
  init(_ picture: UnsafePointer<facewarden_picture>?, name: String) throws {
    guard let picture = picture?.pointee else {
      throw Problem.malformed("'\(name)' is NULL; expected a picture")
    }
    let sizes = [picture.width, picture.height, picture.stride]
    if let path = picture.path {
      guard picture.bytes == nil, picture.byte_count == 0, sizes.allSatisfy({ $0 == 0 }) else {
        throw Problem.malformed("'\(name)' has both 'path' and bytes or sizes; expected one")
      }
      guard let path = CText.path(path) else {
        throw Problem.malformed("the path of '\(name)' is no UTF-8 of 1 to 4096 bytes")
      }
      self = .path(path)
      return
    }
    guard let bytes = picture.bytes else {
      throw Problem.malformed("'\(name)' has neither 'path' nor 'bytes'")
    }
    let count = picture.byte_count
    guard count >= 0 else {
      throw Problem.malformed(
        "'\(name)' has \(UInt(bitPattern: count)) bytes; no memory holds as many")
    }
    let memory = UnsafeRawBufferPointer(start: bytes, count: count)
    guard sizes.contains(where: { $0 != 0 }) else {
      let limit = ImageLimits.standard.bytes
      guard count <= limit else {
        throw ImageError.tooManyBytes(name: name, bytes: count, limit: limit)
      }
      self = .file(Array(memory))
      return
    }
    let (width, height) = (Self.size(picture.width), Self.size(picture.height))
    let usual = width.multipliedReportingOverflow(by: 3)
    let stride =
      picture.stride == 0
      ? (usual.overflow ? .max : usual.partialValue) : Self.size(picture.stride)
    self = .pixels(
      try RGBImage(rows: memory, width: width, height: height, stride: stride, name: name))
  }

  /// A size as C has it, without a sign: what an Int does not hold comes as a negative number.
  private static func size(_ size: Int) -> Int { size < 0 ? .max : size }

  /// The face in the aligned frame.
  ///
  /// - `ownInputs`: networks from elsewhere that want the face in a frame of their own.
  func face(
    name: String, place: FacePlace, ownInputs: [FaceInput]
  ) throws -> FacePicture {
    switch self {
    case .path(let path): try FacePicture(path: path, place: place, ownInputs: ownInputs)
    case .file(let bytes):
      try FacePicture(
        bytes: bytes, name: name, place: place, ownInputs: ownInputs)
    case .pixels(let image):
      try FacePicture(
        image: image, name: name, place: place, ownInputs: ownInputs)
    }
  }

  /// Lends the whole picture, when `PictureMemory.shared` has room for it.
  ///
  /// - `bytesPerPixel`: what a pixel takes at most until the work is done.
  func withImage<Result>(
    name: String, bytesPerPixel: Int = PictureMemory.bytesPerPixel,
    _ work: (RGBImage) throws -> Result
  ) throws -> Result {
    let (memory, limits) = (PictureMemory.shared, ImageLimits.standard)
    func decoded(_ bytes: [UInt8], _ name: String) throws -> Result {
      try memory.withRoom(for: bytes, limits: limits, bytesPerPixel: bytesPerPixel) {
        try work(RGBImage.decode(bytes, name: name, limits: limits).image)
      }
    }
    switch self {
    case .path(let path): return try decoded(RGBImage.fileBytes(path: path, limits: limits), path)
    case .file(let bytes): return try decoded(bytes, name)
    case .pixels(let image):
      return try memory.withRoom(
        forPixels: image.width * image.height, bytesPerPixel: bytesPerPixel
      ) { try work(image) }
    }
  }

  /// The path, of a picture in a file.
  var path: String? { if case .path(let path) = self { path } else { nil } }
}
