private import Dispatch
import Images

/// What a picture is made of, before it is pixels.
enum PictureContent: Hashable, Sendable {
  /// The bytes of a file.
  case file([UInt8])
  /// A face that is drawn when it is needed.
  case drawn(DrawnPicture)
}

/// The bytes of many aligned faces, compressed or as pixels; faces to draw as what to draw.
///
/// A value: subsets of a data set share one store without copying it.
struct FaceStore: Sendable {
  /// The bytes in one face, when decoded.
  static let faceSize = 128 * 128 * 3

  private enum Place {
    case bytes(Range<Int>)
    case drawn(DrawnPicture)
  }

  private let bytes: [UInt8]
  /// The place of each compressed face, or `nil` if the store holds pixels.
  private let places: [Place]?
  private let limits: ImageLimits

  /// Decodes all pictures in parallel and keeps their pixels, or only their bytes.
  ///
  /// - Returns: the store, and for each picture what is wrong with it, if anything.
  static func make(
    _ pictures: [(name: String, content: PictureContent)], keepsPixels: Bool, limits: ImageLimits
  ) -> (store: FaceStore, faults: [DatasetReport.Reason?]) {
    var faults = [DatasetReport.Reason?](repeating: nil, count: pictures.count)
    let size = keepsPixels ? pictures.count * faceSize : 0
    let pixels = [UInt8](unsafeUninitializedCapacity: size) { pixels, filled in
      pixels.initialize(repeating: 0)
      let target = pixels
      faults.withUnsafeMutableBufferPointer { faults in
        // Unchecked: each iteration writes its own pictures' places only.
        nonisolated(unsafe) let (faults, target) = (faults, target)
        inChunks(of: 64, count: pictures.count) { index in
          let (name, content) = pictures[index]
          do throws(ImageError) {
            let image: RGBImage
            switch content {
            case .file(let bytes):
              image = try PictureMemory.shared.withRoom(for: bytes, limits: limits) {
                () throws(ImageError) in
                try RGBImage.decode(bytes, name: name, limits: limits).image
              }
            case .drawn(let picture):
              // Nothing can be wrong with it, so it is drawn only to be kept.
              guard keepsPixels else { return }
              image = picture.image
            }
            if image.width != 128 || image.height != 128 {
              faults[index] = .wrongSize(width: image.width, height: image.height)
            } else if keepsPixels {
              let place = index * faceSize..<(index + 1) * faceSize
              _ = UnsafeMutableBufferPointer(rebasing: target[place]).update(from: image.pixels)
            }
          } catch {
            faults[index] = .broken(error)
          }
        }
      }
      filled = size
    }
    if keepsPixels { return (FaceStore(bytes: pixels, places: nil, limits: limits), faults) }
    var (joined, places): ([UInt8], [Place]) = ([], [])
    for (_, content) in pictures {
      switch content {
      case .file(let bytes):
        places.append(.bytes(joined.count..<joined.count + bytes.count))
        joined += bytes
      case .drawn(let picture): places.append(.drawn(picture))
      }
    }
    return (FaceStore(bytes: joined, places: places, limits: limits), faults)
  }

  /// Passes the pixels of one face to `body`, decoding or drawing them first if need be.
  func withPixels<Result>(
    of slot: Int, name: String, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) throws(ImageError) -> Result {
    guard let places else {
      return bytes.withUnsafeBufferPointer { all in
        let place = slot * Self.faceSize..<(slot + 1) * Self.faceSize
        return body(UnsafeBufferPointer(rebasing: all[place]))
      }
    }
    let image: RGBImage
    switch places[slot] {
    case .bytes(let range):
      image = try RGBImage.decode(Array(bytes[range]), name: name, limits: limits).image
    case .drawn(let picture): image = picture.image
    }
    return image.pixels.withUnsafeBufferPointer(body)
  }
}

/// Calls `body` for every index below `count`, several at a time.
///
/// Returns when all are done; must not be called from a cooperative task.
func inChunks(of size: Int, count: Int, _ body: @Sendable (Int) -> Void) {
  let chunks = (count + size - 1) / size
  DispatchQueue.concurrentPerform(iterations: chunks) { chunk in
    for index in chunk * size..<min(count, (chunk + 1) * size) { body(index) }
  }
}
