import Foundation
import Images

/// Reads a file of the folder `Golden`; its README says how the files are made.
func golden(_ name: String) throws -> [UInt8] {
  Array(try Data(contentsOf: Bundle.module.bundleURL.appending(path: "Golden/\(name)")))
}

/// The gradient that the golden files hold: red 12·x, green 15·y, blue 128.
let gradient = picture(20, 17) { (12 * $0, 15 * $1, 128) }

/// Builds a picture from a rule for red, green and blue.
func picture(_ width: Int, _ height: Int, _ rule: (_ x: Int, _ y: Int) -> (Int, Int, Int))
  -> RGBImage
{
  var pixels: [UInt8] = []
  for y in 0..<height {
    for x in 0..<width {
      let (red, green, blue) = rule(x, y)
      pixels += [UInt8(red), UInt8(green), UInt8(blue)]
    }
  }
  return RGBImage(width: width, height: height, pixels: pixels)
}

extension RGBImage {
  /// The red, green and blue of one pixel.
  func colour(_ x: Int, _ y: Int) -> [UInt8] {
    Array(pixels[(y * width + x) * 3..<(y * width + x) * 3 + 3])
  }

  /// The largest difference of two values at the same place; 256 if the sizes differ.
  func largestDifference(from other: RGBImage) -> Int {
    guard width == other.width, height == other.height else { return 256 }
    return zip(pixels, other.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
  }
}

/// Runs `body` with the path of a new folder and removes the folder afterwards.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.path)
}
