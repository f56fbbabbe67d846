private import Geometry
private import Glibc
public import Images
public import SeededRandom

/// What happens to pictures without ill will: the controls of an attack set, species of their own.
public enum BenignChange: Attack {
  /// A passage through a JPEG file of this quality, 1…100.
  case jpeg(quality: Int)
  /// A Gaussian blur of this standard deviation in pixels.
  case blur(deviation: Float)
  /// To this share of the size and back.
  case rescale(share: Double)
  /// 255 (v / 255)^γ.
  case gamma(Double)
  /// Along both axes by so many pixels, each way drawn; the edge repeats.
  case shift(pixels: Double)
  /// Around the middle by so many degrees, the way drawn; the edge repeats.
  case rotation(degrees: Double)

  public var settings: [String: String] {
    switch self {
    case .jpeg(let quality): ["quality": "\(quality)"]
    case .blur(let deviation): ["deviation": "\(deviation)"]
    case .rescale(let share): ["share": "\(share)"]
    case .gamma(let gamma): ["gamma": "\(gamma)"]
    case .shift(let pixels): ["pixels": "\(pixels)"]
    case .rotation(let degrees): ["degrees": "\(degrees)"]
    }
  }

  public func search(_ run: inout AttackRun) {
    let rows = Array(run.pairs.sources.indices)
    let changed = rows.map { applied(to: run.pairs.sources[$0], using: &run.generators[$0]) }
    run.offer(changed, rows: rows)
  }

  /// The picture after the change, of the same size.
  public func applied(to picture: RGBImage, using random: inout SplitMix64) -> RGBImage {
    let (width, height) = (picture.width, picture.height)
    func sign() -> Double { random.happens(withProbability: 0.5) ? 1 : -1 }
    switch self {
    case .jpeg(let quality): return Self.stored(picture, quality: quality)
    case .blur(let deviation): return Self.blurred(picture, deviation)
    case .rescale(let share): return Self.rescaled(picture, share: share)
    case .gamma(let gamma):
      let table = (0...255).map { UInt8(255 * pow(Double($0) / 255, gamma) + 0.5) }
      return RGBImage(
        width: width, height: height, pixels: picture.pixels.map { table[Int($0)] })
    case .shift(let pixels):
      let move = SimilarityTransform(a: 1, b: 0, shiftX: sign() * pixels, shiftY: sign() * pixels)
      return picture.warped(by: move, width: width, height: height)
    case .rotation(let degrees):
      let angle = sign() * degrees * .pi / 180
      let (a, b) = (cos(angle), sin(angle))
      let (x, y) = (Double(width - 1) / 2, Double(height - 1) / 2)
      let turn = SimilarityTransform(
        a: a, b: b, shiftX: x - a * x + b * y, shiftY: y - b * x - a * y)
      return picture.warped(by: turn, width: width, height: height)
    }
  }

  /// The picture out of a JPEG file.
  static func stored(_ picture: RGBImage, quality: Int) -> RGBImage {
    // What the encoder has just written is decoded: neither can fail.
    guard let bytes = try? picture.jpegData(quality: min(100, max(1, quality))),
      let decoded = try? RGBImage.decode(bytes, name: "jpeg").image
    else {
      preconditionFailure("a \(picture.width)×\(picture.height) picture does not pass through JPEG")
    }
    return decoded
  }

  /// The picture at a share of its size and back.
  static func rescaled(_ picture: RGBImage, share: Double) -> RGBImage {
    picture.resized(
      width: max(1, Int(Double(picture.width) * share)),
      height: max(1, Int(Double(picture.height) * share))
    ).resized(width: picture.width, height: picture.height)
  }

  /// A separable Gaussian blur; the edge repeats.
  private static func blurred(_ picture: RGBImage, _ deviation: Float) -> RGBImage {
    let reach = max(1, Int((3 * deviation).rounded(.up)))
    let weights = (-reach...reach).map { expf(-Float($0 * $0) / (2 * deviation * deviation)) }
    let sum = weights.reduce(0, +)
    let (width, height) = (picture.width, picture.height)
    func pass(_ old: [Float], along vertical: Bool) -> [Float] {
      old.indices.map { i in
        let (y, x, channel) = (i / 3 / width, i / 3 % width, i % 3)
        var value: Float = 0
        for (index, weight) in weights.enumerated() {
          let offset = index - reach
          let row = vertical ? min(height - 1, max(0, y + offset)) : y
          let column = vertical ? x : min(width - 1, max(0, x + offset))
          value += weight / sum * old[(row * width + column) * 3 + channel]
        }
        return value
      }
    }
    let levels = pass(pass(GreyLevels.of(picture), along: false), along: true)
    return GreyLevels.picture(levels, like: picture)
  }
}
