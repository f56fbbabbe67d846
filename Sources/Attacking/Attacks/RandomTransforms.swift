internal import Geometry
private import Glibc
internal import Images
private import KernelSupport
public import NeuralNetworks
internal import PictureTensors
public import SeededRandom
internal import Tensors

/// A distribution of small changes that happen to pictures on their way: what an attack has to outlast.
///
/// A change that works on average over them does not depend on where the pixels' grid lies, and is what
/// an ordinary attacker makes. Everything is differentiable but JPEG, whose gradient passes straight
/// through.
///
/// Reference: Athalye, Engstrom, Ilyas, Kwok, "Synthesizing robust adversarial examples", 2018 (EOT).
public struct RandomTransforms: Equatable, Sendable {
  /// A turn of up to so many degrees either way, around the middle.
  public var turn: Float
  /// A zoom by up to this share either way.
  public var zoom: Float
  /// A shift of up to this share of the side either way, along both axes.
  public var shift: Float
  /// A blur's standard deviation as a share of the side, and how often there is one.
  public var blur: ClosedRange<Float>
  public var blurProbability: Float
  /// A contrast within this share of 1, around middle grey.
  public var contrast: Float
  /// A brightness added, up to this share of the range of grey levels either way.
  public var brightness: Float
  /// A passage through JPEG of a quality from this range, and how often there is one.
  public var jpeg: ClosedRange<Int>
  public var jpegProbability: Float
  /// How often the picture is mirrored.
  public var mirrorProbability: Float
  /// Normal noise of up to this standard deviation in grey levels.
  public var noise: Float
  /// Draws that each step averages.
  public var draws: Int

  /// Creates a distribution; without arguments the usual one.
  ///
  /// - Precondition: there is a draw, and no number is negative.
  public init(
    turn: Float = 4, zoom: Float = 0.04, shift: Float = 3 / 128,
    blur: ClosedRange<Float> = 0.3 / 128...1.3 / 128, blurProbability: Float = 0.6,
    contrast: Float = 0.15, brightness: Float = 0.06, jpeg: ClosedRange<Int> = 50...95,
    jpegProbability: Float = 0.35, mirrorProbability: Float = 0, noise: Float = 0, draws: Int = 1
  ) {
    precondition(draws > 0, "\(draws) draws")
    precondition(
      [turn, zoom, shift, blur.lowerBound, contrast, brightness, noise].allSatisfy { $0 >= 0 }
        && zoom < 1 && jpeg.lowerBound >= 1 && jpeg.upperBound <= 100,
      "transforms of turn \(turn), zoom \(zoom), shift \(shift), JPEG \(jpeg)")
    (self.turn, self.zoom, self.shift) = (turn, zoom, shift)
    (self.blur, self.blurProbability) = (blur, blurProbability)
    (self.contrast, self.brightness) = (contrast, brightness)
    (self.jpeg, self.jpegProbability) = (jpeg, jpegProbability)
    (self.mirrorProbability, self.noise, self.draws) = (mirrorProbability, noise, draws)
  }

  /// No change at all: what the others are compared with.
  public static let none = RandomTransforms(
    turn: 0, zoom: 0, shift: 0, blurProbability: 0, contrast: 0, brightness: 0, jpegProbability: 0)

  /// The settings by name: numbers as text.
  public var settings: [String: String] {
    [
      "turn": "\(turn)", "zoom": "\(zoom)", "shift": "\(shift)",
      "blur": "\(blur.lowerBound) \(blur.upperBound)", "blur_probability": "\(blurProbability)",
      "contrast": "\(contrast)", "brightness": "\(brightness)",
      "jpeg": "\(jpeg.lowerBound) \(jpeg.upperBound)", "jpeg_probability": "\(jpegProbability)",
      "mirror_probability": "\(mirrorProbability)", "noise": "\(noise)", "draws": "\(draws)",
    ]
  }

  /// What one picture is drawn.
  struct Draw: Equatable {
    var turn, zoom, right, down, blur, contrast, brightness, noise: Float
    /// The quality, if the picture passes through JPEG.
    var jpeg: Int?
    var isMirrored: Bool
    /// Where the noise comes from.
    var grain: SplitMix64
  }

  /// A draw; each of its numbers is drawn whether it is used or not, so that a setting changes its own
  /// number alone.
  func draw(using random: inout SplitMix64) -> Draw {
    func around(_ reach: Float) -> Float { random.uniform(in: -reach...reach) }
    let (turn, zoom) = (around(turn), around(zoom))
    let (right, down) = (around(shift), around(shift))
    let isBlurred = random.happens(withProbability: blurProbability)
    let deviation = random.uniform(in: blur)
    let (contrast, brightness) = (1 + around(contrast), 2 * around(brightness))
    let isStored = random.happens(withProbability: jpegProbability)
    let quality = random.uniform(in: jpeg.lowerBound..<jpeg.upperBound + 1)
    let isMirrored = random.happens(withProbability: mirrorProbability)
    let strength = random.uniform(in: 0...noise)
    return Draw(
      turn: turn, zoom: zoom, right: right, down: down, blur: isBlurred ? deviation : 0,
      contrast: contrast, brightness: brightness, noise: strength,
      jpeg: isStored ? quality : nil, isMirrored: isMirrored, grain: random.derived(from: "grain"))
  }

  /// Pictures (batch, row, column, 3) in −1…1, each changed by its own draw.
  ///
  /// - `random`: a generator a picture; they do not advance.
  /// - Precondition: as many generators as pictures.
  public func callAsFunction(_ pictures: Variable, using random: [SplitMix64]) -> Variable {
    drawn(for: pictures.value.shape, using: random)(pictures)
  }

  /// The change that each picture of a batch of this shape is drawn, to be made more than once.
  ///
  /// - `random`: a generator a picture; they do not advance.
  /// - Precondition: as many generators as pictures.
  public func drawn(for shape: [Int], using random: [SplitMix64]) -> DrawnTransforms {
    precondition(random.count == shape[0], "\(random.count) generators, \(shape[0]) pictures")
    let draws = random.map { generator in
      var generator = generator
      return draw(using: &generator)
    }
    return DrawnTransforms(draws, shape: shape)
  }
}

/// A change of each picture of a batch, drawn from ``RandomTransforms``.
public struct DrawnTransforms: Sendable {
  private let draws: [RandomTransforms.Draw]
  private let shape: [Int]
  /// What each number is multiplied by, and what is then added to it; none if nothing changes.
  private let colour: (contrast: Tensor, addition: Tensor)?

  init(_ draws: [RandomTransforms.Draw], shape: [Int]) {
    (self.draws, self.shape) = (draws, shape)
    let changes = draws.contains { $0.contrast != 1 || $0.brightness != 0 || $0.noise > 0 }
    colour =
      changes ? (Self.filled(shape, draws.map(\.contrast)), Self.added(shape, draws)) : nil
  }

  /// Pictures (batch, row, column, 3) in −1…1, each with its own change.
  ///
  /// - Precondition: they are of the shape that the changes were drawn for.
  public func callAsFunction(_ pictures: Variable) -> Variable {
    precondition(
      pictures.value.shape == shape, "changes of \(shape) for \(pictures.value.shape)")
    let (rows, columns) = (shape[1], shape[2])
    var x = pictures
    if draws.contains(where: { $0.turn != 0 || $0.zoom != 0 || $0.right != 0 || $0.down != 0 }) {
      x = x.warped(
        by: draws.map { $0.transform(rows: rows, columns: columns) }, rows: rows, columns: columns)
    }
    if draws.contains(where: \.isMirrored) {
      x = Variable(
        joining: draws.indices.map { index in
          let one = x.entries(index..<index + 1)
          return draws[index].isMirrored ? one.mirrored() : one
        })
    }
    if draws.contains(where: { $0.blur > 0 }) {
      x = x.blurred(deviations: draws.map { $0.blur * Float(columns) })
    }
    if let colour { x = x * Variable(colour.contrast) + Variable(colour.addition) }
    return stored(x, draws.map(\.jpeg))
  }

  /// A number a picture, everywhere in it.
  private static func filled(_ shape: [Int], _ numbers: [Float]) -> Tensor {
    let size = shape.dropFirst().reduce(1, *)
    return Tensor(shape: shape) { target in
      for (index, number) in numbers.enumerated() {
        (target + index * size).update(repeating: number, count: size)
      }
    }
  }

  /// Brightness and noise, in units of −1…1.
  private static func added(_ shape: [Int], _ draws: [RandomTransforms.Draw]) -> Tensor {
    var numbers = filled(shape, draws.map(\.brightness))
    let size = shape.dropFirst().reduce(1, *)
    numbers.update { target in
      // Unchecked: each iteration changes its own picture.
      nonisolated(unsafe) let target = target
      WorkerPool.shared.forEach(draws.count) { index in
        let draw = draws[index]
        guard draw.noise > 0 else { return }
        var grain = draw.grain
        for i in index * size..<(index + 1) * size {
          target[i] += draw.noise / 127.5 * grain.normal()
        }
      }
    }
    return numbers
  }

  /// The pictures that have a quality after a passage through JPEG; gradients go straight through.
  private func stored(_ pictures: Variable, _ qualities: [Int?]) -> Variable {
    let chosen = qualities.indices.filter { qualities[$0] != nil }
    if chosen.isEmpty { return pictures }
    let unstored = pictures.value
    let files = WorkerPool.shared.map(chosen.count) { place in
      let index = chosen[place]
      let picture = unstored.entries(index..<index + 1).pictures()[0]
      return AttackStore.jpeg(quality: qualities[index] ?? 100).stored(picture)
    }
    let numbers = Tensor(files)
    let size = numbers.count / chosen.count
    var value = pictures.value
    value.update { target in
      numbers.read { source in
        for (place, index) in chosen.enumerated() {
          (target + index * size).update(from: source + place * size, count: size)
        }
      }
    }
    return pictures.replaced(by: value)
  }
}

extension RandomTransforms.Draw {
  /// Turn, zoom and shift around the middle of a picture.
  func transform(rows: Int, columns: Int) -> SimilarityTransform {
    let angle = Double(turn) * .pi / 180
    let scale = Double(1 + zoom)
    let (a, b) = (scale * cos(angle), scale * sin(angle))
    let (x, y) = (Double(columns - 1) / 2, Double(rows - 1) / 2)
    return SimilarityTransform(
      a: a, b: b, shiftX: x - a * x + b * y + Double(right) * Double(columns),
      shiftY: y - b * x - a * y + Double(down) * Double(columns))
  }
}
