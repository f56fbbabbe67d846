import CFacewarden
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

  /// The picture as use cases take it.
  ///
  /// - `name`: what messages call it, if it has no path.
  /// - `place`: where its face is; nil if nothing says so.
  func request(name: String, place: FacePlace? = nil) -> PictureRequest {
    switch self {
    case .path(let path): PictureRequest(path: path, place: place)
    case .file(let bytes): PictureRequest(.bytes(bytes), name: name, place: place)
    case .pixels(let image): PictureRequest(.pixels(image), name: name, place: place)
    }
  }

  /// The path, of a picture in a file.
  var path: String? { if case .path(let path) = self { path } else { nil } }
}
