public import Embedders
internal import Foundation
public import Images
internal import NeuralNetworks
private import PictureTensors
internal import SeededRandom
public import Tensors

/// Small patterned pictures that stand for faces: a person is a pattern, a picture varies it.
public enum SyntheticPeople {
  /// A picture of one person: smooth waves of the person's own, with noise of the picture's.
  public static func picture(person: Int, variant: Int, side: Int) -> RGBImage {
    var traits = SplitMix64(seed: 77).derived(from: "person", person)
    var noise = SplitMix64(seed: 77).derived(from: "picture", person, variant)
    let waves = (0..<9).map { _ in traits.uniform(in: 0.3...1.6) }
    let phase = noise.uniform(in: -0.4...0.4)
    var pixels: [UInt8] = []
    for y in 0..<side {
      for x in 0..<side {
        for channel in 0..<3 {
          let (u, v) = (Float(x) / Float(side) * 6, Float(y) / Float(side) * 6)
          let wave =
            triangle(u * waves[channel] + phase) + triangle(v * waves[channel + 3])
            + triangle((u + v) * waves[channel + 6] - phase)
          pixels.append(UInt8(clamping: Int(128 + 35 * wave + 6 * noise.normal())))
        }
      }
    }
    return RGBImage(width: side, height: side, pixels: pixels)
  }

  /// A periodic line between −1 and 1.
  private static func triangle(_ x: Float) -> Float {
    let part = x - x.rounded(.down)
    return 4 * abs(part - 0.5) - 1
  }

  /// Writes `person/picture.png`, 128×128, under a folder.
  ///
  /// - Throws: what writing files throws.
  public static func writeFolder(_ folder: String, people: Int, pictures: Int) throws {
    for person in 0..<people {
      let own = "\(folder)/p\(person)"
      try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
      for variant in 0..<pictures {
        try picture(person: person, variant: variant, side: 128)
          .writePNG(to: "\(own)/\(variant).png")
      }
    }
  }

  /// A batch of pairs of one person each, with labels.
  public static func batch(step: Int, size: Int, people: Int, side: Int) -> (Tensor, [Int]) {
    var random = SplitMix64(seed: 5).derived(from: "batch", step)
    var labels: [Int] = []
    for _ in 0..<size / 2 {
      let person = random.uniform(in: 0..<people)
      labels += [person, person]
    }
    let pictures = labels.map {
      picture(person: $0, variant: random.uniform(in: 0..<1000), side: side)
    }
    return (Tensor(pictures), labels)
  }
}

extension EmbedderArchitecture {
  /// A network that a test can train.
  public static let tiny = EmbedderArchitecture(
    widths: [8, 16], convolutions: [1, 1], head: .average, embedding: 16, view: FaceView(side: 16))
}

extension FaceEmbedder {
  /// An untrained network.
  public static func tiny(seed: UInt64 = 3) -> FaceEmbedder {
    var random = SplitMix64(seed: seed)
    return FaceEmbedder(
      .tiny, EmbedderArchitecture.tiny.initialParameters(using: &random))
  }
}
