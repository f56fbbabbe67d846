private import Checkpoints
private import Foundation
private import HTTPServer
private import Images
private import JSON
private import NetworkGraphs
private import ONNXFiles
private import ONNXNetworks
private import Screening
private import ScreeningService
internal import SeededRandom
private import UseCases

/// A place where bytes from outside come in, with inputs to begin from.
///
/// A finding is a crash, a hang, or a broken promise, which traps.
public struct FuzzTarget: Sendable {
  /// What it is called on the command line.
  public let name: String
  /// Inputs that are accepted.
  public let seeds: [[UInt8]]
  /// Tries one input; true if it was accepted.
  public let accepts: @Sendable ([UInt8]) -> Bool

  /// Every target.
  public static var all: [FuzzTarget] {
    get throws { [try png, try jpeg, webp, try safetensors, line, multipart, template, onnx] }
  }

  /// Runs mutated inputs until the time is over, or for a number of runs.
  ///
  /// - `seconds`: of this thread's processor time, so that a busy machine tries no less.
  /// - `note`: is told each input before it is tried.
  /// - Returns: how many inputs were tried and accepted.
  public func run(
    seconds: Double, runs: Int = .max, seed: UInt64, note: ([UInt8]) -> Void = { _ in }
  ) -> (tried: Int, accepted: Int) {
    var random = SplitMix64(seed: seed)
    // What was accepted in another way than the seeds is a better place to go on from.
    var pool = seeds
    var (tried, accepted) = (0, 0)
    let end = Self.processorTime() + seconds
    while tried < runs, Self.processorTime() < end {
      let (first, second) = (
        pool[random.uniform(in: 0..<pool.count)], pool[random.uniform(in: 0..<pool.count)]
      )
      let input = Mutation.apply(to: first, crossing: second, using: &random)
      note(input)
      tried += 1
      guard accepts(input) else { continue }
      accepted += 1
      if pool.count < 256 {
        pool.append(input)
      } else {
        pool[random.uniform(in: seeds.count..<256)] = input
      }
    }
    return (tried, accepted)
  }

  /// Seconds that this thread has computed for.
  private static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private static let limits = ImageLimits(bytes: 1 << 20, pixels: 1 << 20, side: 4096)

  private static func picture(_ name: String, _ seeds: [[UInt8]]) -> FuzzTarget {
    FuzzTarget(name: name, seeds: seeds) { bytes in
      guard let decoded = try? RGBImage.decode(bytes, name: "input", limits: limits) else {
        return false
      }
      let image = decoded.image
      precondition(image.pixels.count == image.width * image.height * 3, "a picture with gaps")
      precondition(image.width * image.height <= limits.pixels, "a picture beyond the limits")
      return true
    }
  }

  private static func drawn(_ side: Int) -> RGBImage {
    RGBImage(
      width: side, height: side,
      pixels: (0..<side * side * 3).map { UInt8(truncatingIfNeeded: $0 &* $0 / 97) })
  }

  private static var png: FuzzTarget {
    get throws { picture("png", [try drawn(24).pngData(), try drawn(61).pngData()]) }
  }

  private static var jpeg: FuzzTarget {
    get throws {
      picture(
        "jpeg",
        [
          try drawn(24).jpegData(quality: 60),
          try drawn(61).jpegData(quality: 92, subsampling: .none),
        ])
    }
  }

  private static var webp: FuzzTarget { picture("webp", WebPSeeds.all) }

  private static var safetensors: FuzzTarget {
    get throws {
      let header =
        #"{"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"b":{"dtype":"F16","shape":[3],"data_offsets":[16,22]}}"#
      let padded = header + String(repeating: " ", count: 7 - (header.utf8.count + 7) % 8)
      let length = (0..<8).map { UInt8(truncatingIfNeeded: padded.utf8.count >> (8 * $0)) }
      let seed = length + Array(padded.utf8) + [UInt8](repeating: 0x3C, count: 22)
      _ = try SafeTensorsFile(bytes: seed)
      return FuzzTarget(name: "safetensors", seeds: [seed]) { bytes in
        (try? SafeTensorsFile(bytes: bytes, requiringFinite: true)) != nil
      }
    }
  }

  private static var line: FuzzTarget {
    let seeds = [
      #"{"id":"7","probe":"a.png","reference":"b.png","threshold":1.25}"#,
      #"{"id":3,"probe_base64":"iVBORw0KGgo=","reference_base64":"AAAA","timings":true}"#,
      #"{"probe":"a","probe_landmarks":[[1,2],[3,4],[5,6],[7,8],[9,1e1]],"reference":"b"}"#,
    ]
    return FuzzTarget(name: "line", seeds: seeds.map { Array($0.utf8) }) { bytes in
      do {
        let members = try RequestMembers(json: bytes)
        try members.expect(VerdictService.pairMembers)
        if let threshold = try members.number("threshold", in: 0...4) {
          precondition((0...4).contains(threshold), "a threshold out of its range")
        }
        _ = try (members.id, members.flag("timings"))
        _ = try members.picture("probe", allowsPaths: true)
        _ = try members.picture("reference", allowsPaths: true)
        return true
      } catch {
        return false
      }
    }
  }

  private static var onnx: FuzzTarget {
    let weight = ONNXTensor(
      shape: [4, 3, 3, 3], .floats((0..<108).map { Float($0 % 7) / 7 - 0.4 }))
    let model = ONNXModel(
      operatorSet: 13,
      nodes: [
        ONNXNode(
          "Conv", inputs: ["x", "w"], outputs: ["a"],
          attributes: ["strides": .integers([2, 2]), "pads": .integers([1, 1, 1, 1])]),
        ONNXNode("Relu", inputs: ["a"], outputs: ["b"]),
        ONNXNode("Shape", inputs: ["b"], outputs: ["s"]),
        ONNXNode("Gather", inputs: ["s", "zero"], outputs: ["n"]),
        ONNXNode(
          "Concat", inputs: ["n", "rest"], outputs: ["t"], attributes: ["axis": .integer(0)]),
        ONNXNode("Reshape", inputs: ["b", "t"], outputs: ["y"]),
      ],
      tensors: [
        "w": weight, "zero": ONNXTensor(shape: [1], .integers([0])),
        "rest": ONNXTensor(shape: [1], .integers([-1])),
      ], inputs: [ONNXValue("x", shape: [nil, 3, 8, 8])], outputs: [ONNXValue("y", shape: nil)])
    return FuzzTarget(name: "onnx", seeds: [model.bytes(producer: "seed")]) { bytes in
      guard let model = try? ONNXModel(bytes: bytes), let embedder = try? ONNXEmbedder(model) else {
        return false
      }
      precondition(embedder.network.embeddingCount > 0, "an embedding without numbers")
      return true
    }
  }

  private static var template: FuzzTarget {
    let seed =
      #"{"facewarden_template":1,"models":[{"name":"f_c","sha256":"00"}],"name":"Ada","views":"#
      + #"[{"embedding":[0.6,0.8],"sha256":"01","tampering":0.125,"witness":[0,1]}]}"#
    return FuzzTarget(name: "template", seeds: [Array(seed.utf8)]) { bytes in
      guard let template = try? FaceTemplate(file: bytes) else { return false }
      for view in template.views {
        let square = view.embedding.reduce(0) { $0 + Double($1) * Double($1) }
        precondition(abs(square - 1) < 1e-2, "an embedding that would match anybody")
      }
      return true
    }
  }

  private static var multipart: FuzzTarget {
    let seed =
      "--b\r\nContent-Disposition: form-data; name=\"probe\"; filename=\"a.png\"\r\n"
      + "Content-Type: image/png\r\n\r\nbytes\r\n--\r\n--b\r\n"
      + "Content-Disposition: form-data; name=\"threshold\"\r\n\r\n1.5\r\n--b--\r\n"
    return FuzzTarget(name: "multipart", seeds: [Array(seed.utf8)]) { bytes in
      guard let form = try? MultipartForm(bytes, contentType: "multipart/form-data; boundary=b")
      else { return false }
      let held = form.parts.values.reduce(0) { $0 + $1.content.count }
      precondition(held <= bytes.count && form.parts.count <= 40, "parts out of nothing")
      return true
    }
  }
}
