import FaceDatasets
import Foundation
import Images
import SeededRandom
import Testing

@Suite struct FaceAugmentationTests {
  /// The values of a varied face, back on 0…255.
  static func varied(
    _ face: RGBImage, _ augmentation: FaceAugmentation, seed: UInt64 = 1
  ) -> [Float] {
    var floats = [Float](repeating: .nan, count: face.pixels.count)
    var generator = SplitMix64(seed: seed)
    floats.withUnsafeMutableBufferPointer {
      augmentation.apply(to: face, into: $0, using: &generator)
    }
    return floats.map { ($0 + 1) * 127.5 }
  }

  /// No variation but one strength.
  static func only(_ change: (inout FaceAugmentation) -> Void) -> FaceAugmentation {
    var augmentation = FaceAugmentation.none
    change(&augmentation)
    return augmentation
  }

  /// Red 64 + column, green row: values that show where a pixel comes from.
  static let ramp: RGBImage = {
    var ramp = RGBImage(width: 128, height: 128)
    for pixel in 0..<128 * 128 {
      ramp.pixels[pixel * 3] = UInt8(64 + pixel % 128)
      ramp.pixels[pixel * 3 + 1] = UInt8(pixel / 128)
    }
    return ramp
  }()

  @Test("no variation gives exactly the plain numbers")
  func none() {
    let face = syntheticFace(3)
    var (plain, varied) = ([Float](repeating: 0, count: 49152), [Float](repeating: 0, count: 49152))
    var generator = SplitMix64(seed: 1)
    plain.withUnsafeMutableBufferPointer { face.floats(into: $0) }
    varied.withUnsafeMutableBufferPointer {
      FaceAugmentation.none.apply(to: face, into: $0, using: &generator)
    }
    #expect(plain == varied)
  }

  @Test("all steps together stay within −1…1 and repeat with their seed", arguments: 0..<20)
  func bounds(seed: UInt64) {
    var strong = FaceAugmentation()
    (strong.blurProbability, strong.compressionProbability, strong.erasingProbability) = (1, 1, 1)
    let first = Self.varied(syntheticFace(4), strong, seed: seed)
    #expect(first.allSatisfy { $0 >= -0.01 && $0 <= 255.01 })
    #expect(first == Self.varied(syntheticFace(4), strong, seed: seed))
    #expect(first != Self.varied(syntheticFace(4), strong, seed: seed + 100))
  }

  @Test("a certain flip mirrors exactly")
  func flip() {
    let face = syntheticFace(5)
    let flipped = Self.varied(face, Self.only { $0.flipProbability = 1 })
    let expected = face.flippedHorizontally().pixels.map { Float($0) }
    #expect(zip(flipped, expected).allSatisfy { abs($0 - $1) < 0.01 })
  }

  @Test("a shift moves by at most its strength", arguments: 0..<10)
  func shift(seed: UInt64) {
    let ramp = Self.ramp
    let moved = Self.varied(ramp, Self.only { $0.shift = 4 }, seed: seed)
    let centre = (64 * 128 + 64) * 3
    let (dx, dy) = (moved[centre] - 128, moved[centre + 1] - 64)
    #expect(abs(dx) <= 4.01 && abs(dy) <= 4.01 && abs(dx) + abs(dy) > 0)
    let other = (30 * 128 + 90) * 3
    #expect(abs(moved[other] - 154 - dx) < 0.01)
    #expect(abs(moved[other + 1] - 30 - dy) < 0.01)
  }

  @Test("size and turn keep the middle and move a corner as far as they should")
  func turn() {
    let ramp = Self.ramp
    for seed in 0..<10 as Range<UInt64> {
      let both = Self.only { ($0.rotation, $0.scaling) = (8, 0.08) }
      let moved = Self.varied(ramp, both, seed: seed)
      func source(_ x: Int, _ y: Int) -> (x: Float, y: Float) {
        let index = (y * 128 + x) * 3
        return (moved[index] - 64, moved[index + 1])
      }
      let (a, b) = (source(40, 64), source(90, 64))
      let (dx, dy) = (b.x - a.x, b.y - a.y)
      let length = (dx * dx + dy * dy).squareRoot() / 50
      #expect(length > 1 / 1.081 && length < 1 / 0.919)
      // tan 8° = 0.1405.
      #expect(abs(dy / dx) < 0.141)
      let (c, d) = (source(63, 63), source(64, 64))
      #expect(abs(c.x + d.x - 127) < 0.02)
      #expect(abs(c.y + d.y - 127) < 0.02)
    }
  }

  @Test("a certain grey has three equal channels, by BT.601")
  func grey() {
    let face = syntheticFace(6)
    let grey = Self.varied(face, Self.only { $0.greyProbability = 1 })
    let luminance = face.luminance
    for index in grey.indices {
      #expect(abs(grey[index] - Float(luminance[index / 3])) < 0.51)
    }
  }

  @Test("brightness and contrast are one line through the values")
  func line() {
    let face = RGBImage(width: 3, height: 1, pixels: [100, 100, 100, 120, 120, 120, 140, 140, 140])
    let v = Self.varied(face, Self.only { ($0.brightness, $0.contrast) = (0.1, 0.2) }, seed: 3)
    let step = v[3] - v[0]
    #expect(abs(v[6] - v[3] - step) < 0.01 && v[0] == v[1])
    #expect((16...24).contains(step), "contrast 0.8…1.2 of a step of 20")
    let middle = v[3] + 7.5 * step / 20
    #expect(abs(middle - 127.5) <= 12.76, "middle grey moves by brightness alone")
  }

  @Test("a blur keeps flat colour and the mean, and lowers the contrast of a stripe")
  func blur() {
    var face = RGBImage(width: 128, height: 128, red: 40, green: 80, blue: 120)
    let blurring = Self.only { ($0.blurProbability, $0.blurDeviation) = (1, 1...1) }
    let flat = Self.varied(face, blurring)
    #expect(zip(flat, face.pixels).allSatisfy { abs($0 - Float($1)) < 0.01 })
    for y in 0..<128 { face.pixels[(y * 128 + 64) * 3] = 240 }
    let stripe = Self.varied(face, blurring)
    // Weights exp(−k²/2) for k = −3…3 sum to 2.5059 (by hand): the peak is 40 + 200/2.5059.
    #expect(abs(stripe[(64 * 128 + 64) * 3] - 119.81) < 0.05)
    // One pixel beside it: 40 + 200·0.60653/2.5059.
    #expect(abs(stripe[(64 * 128 + 65) * 3] - 88.41) < 0.05)
  }

  @Test("compression equals a passage through a JPEG file")
  func compression() throws {
    let face = syntheticFace(7)
    let compressing = Self.only {
      ($0.compressionProbability, $0.compressionQuality) = (1, 30...30)
    }
    let expected = try RGBImage.decode(face.jpegData(quality: 30), name: "j").image
    let varied = Self.varied(face, compressing)
    #expect(zip(varied, expected.pixels).allSatisfy { abs($0 - Float($1)) < 0.01 })
  }

  @Test("erasing covers about the given area with one colour", arguments: 0..<10)
  func erasing(seed: UInt64) {
    let face = syntheticFace(8)
    let erasing = Self.only { ($0.erasingProbability, $0.erasedArea) = (1, 0.1...0.1) }
    let varied = Self.varied(face, erasing, seed: seed)
    let changed = stride(from: 0, to: 49152, by: 3).filter { index in
      abs(varied[index] - Float(face.pixels[index])) > 0.01
    }.count
    #expect(changed <= 1720, "a tenth of 16384 is 1638; sides are whole pixels")
    #expect(changed >= 1500, "few pixels had the colour before")
  }

  @Test("where a photograph ends its edge repeats, and the middle stays") func border() {
    let cut = Self.only { ($0.borderProbability, $0.borderWidth) = (1, 0.18) }
    let plain = Self.varied(Self.ramp, .none)
    var changed = 0
    for seed in 0..<10 as Range<UInt64> {
      let values = Self.varied(Self.ramp, cut, seed: seed)
      // Columns of red: 64 + column within the rectangle, its edge's beyond.
      let row = (0..<128).map { (values[(64 * 128 + $0) * 3]).rounded() }
      let (left, right) = (row[0] - 64, row[127] - 64)
      #expect(left >= 0 && left <= 23 && right <= 127 && right >= 104)
      for (column, value) in row.enumerated() {
        #expect(value == 64 + min(max(Float(column), left), right))
      }
      if values != plain { changed += 1 }
    }
    #expect(changed >= 9)
  }

  @Test("fading keeps the order of values and takes contrast") func fading() {
    let faded = Self.varied(
      Self.ramp, Self.only { ($0.fadingProbability, $0.fadedContrast) = (1, 0.5...0.5) })
    let row = (0..<128).map { faded[(64 * 128 + $0) * 3] }
    #expect(abs(row[127] - row[0] - 63.5) < 0.1)
    #expect(zip(row, row.dropFirst()).allSatisfy { $0 < $1 })
    #expect(faded.allSatisfy { $0 >= 0 && $0 <= 255 })
  }

  @Test("few pixels leave slopes and take detail", arguments: [Float(0.22), 0.5, 0.7])
  func coarse(side: Float) {
    let coarse = Self.only { ($0.coarseProbability, $0.coarseSide) = (1, side...side) }
    let slope = Self.varied(Self.ramp, coarse)
    for column in 16..<112 { #expect(abs(slope[(64 * 128 + column) * 3] - Float(64 + column)) < 4) }
    var stripes = RGBImage(width: 128, height: 128)
    for pixel in 0..<128 * 128 where pixel % 2 == 0 { stripes.pixels[pixel * 3] = 200 }
    let values = Self.varied(stripes, coarse)
    let row = (16..<112).map { values[(64 * 128 + $0) * 3] }
    #expect((row.max() ?? 0) - (row.min() ?? 0) < 180)
  }

  @Test("noise has the deviation that is asked for, and no mean", arguments: [Float(1), 8])
  func noise(deviation: Float) {
    let noisy = Self.only { ($0.noiseProbability, $0.noiseDeviation) = (1, deviation...deviation) }
    var grey = RGBImage(width: 128, height: 128)
    for index in grey.pixels.indices { grey.pixels[index] = 128 }
    let moves = Self.varied(grey, noisy).map { Double($0 - 128) }
    let mean = moves.reduce(0, +) / Double(moves.count)
    let square = moves.reduce(0) { $0 + $1 * $1 } / Double(moves.count)
    #expect(abs(mean) < 0.05 * Double(deviation))
    #expect(abs(square.squareRoot() / Double(deviation) - 1) < 0.02)
  }

  @Test("strengths that were written before there were these steps are read, and vary as they did")
  func older() throws {
    let encoded = try JSONEncoder().encode(FaceAugmentation.light)
    var members = try #require(
      JSONSerialization.jsonObject(with: encoded) as? [String: Any])
    for name in ["border", "fading", "coarse", "noise"] {
      #expect(members.removeValue(forKey: name + "Probability") != nil)
    }
    for name in ["borderWidth", "fadedContrast", "coarseSide", "noiseDeviation"] {
      members[name] = nil
    }
    let old = try JSONDecoder().decode(
      FaceAugmentation.self, from: JSONSerialization.data(withJSONObject: members))
    #expect(old == .light)
    members["shift"] = nil
    let incomplete = try JSONSerialization.data(withJSONObject: members)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(FaceAugmentation.self, from: incomplete)
    }
  }
}
