import Images

/// The mean of pictures of one size: what can be said of a face without having seen it.
struct MeanFace {
  private var sums: [Int] = []
  private var count = 0
  private var (width, height) = (0, 0)

  /// The mean picture, rounded.
  ///
  /// - Precondition: a picture was added.
  var picture: RGBImage {
    precondition(count > 0, "no picture was added")
    return RGBImage(
      width: width, height: height, pixels: sums.map { UInt8(($0 + count / 2) / count) })
  }

  /// - Precondition: the picture is as large as those before it.
  mutating func add(_ picture: RGBImage) {
    if count == 0 {
      (width, height) = (picture.width, picture.height)
      sums = Array(repeating: 0, count: picture.pixels.count)
    }
    precondition(
      picture.width == width && picture.height == height,
      "\(picture.width)×\(picture.height) pixels among \(width)×\(height)")
    for (index, value) in picture.pixels.enumerated() { sums[index] += Int(value) }
    count += 1
  }
}
