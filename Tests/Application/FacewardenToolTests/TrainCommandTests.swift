import Foundation
import Images
import TestSupport
import Testing

/// Every training as a user runs it, from nothing to published models, with networks of a few numbers.
@Suite(.serialized) struct TrainCommandTests {
  private static let embedder = [
    "--widths", "2,2,2,2,4", "--convolutions", "1,1,1,1,1", "--embedding", "8", "--epochs", "1",
    "--augmentation", "none",
  ]
  private static let ipgan = [
    "--steps", "3", "--latent", "4", "--attribute-widths", "2,2,2,2,2", "--generator-widths",
    "4,2,2,2,2,2", "--discriminator-widths", "2,2,2,2,2",
  ]

  private func models(_ folder: String) throws -> [String: [String: Any]] {
    let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/models/manifest.json"))
    let manifest = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let entries = try #require(manifest["models"] as? [[String: Any]])
    return Dictionary(uniqueKeysWithValues: entries.map { ("\($0["name"] ?? "")", $0) })
  }

  @Test("f_C, f_V, A and G, an attack set, the detectors: each is made of what was made before")
  func chain() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try SyntheticPeople.writeFolder(folder + "/people", people: 24, pictures: 3)
    func run(_ words: [String], status: Int32 = 0) throws -> Tool.Run {
      let run = try Tool.run(words + ["--models", folder + "/models"])
      #expect(run.status == status, "\(words): \(run.words)")
      return run
    }
    let data = ["--data", folder + "/people", "--held-out", "0.1", "--batch", "8"]
    for (name, seed) in [("f_c", "1"), ("f_v", "2")] {
      _ = try run(
        ["train", "embedder", "--name", name, "--seed", seed, "--state", "\(folder)/\(name).state"]
          + data + Self.embedder)
    }
    let ipgan = ["train", "ipgan", "--state", folder + "/g.state"] + data + Self.ipgan
    _ = try run(ipgan)
    let first = FileManager.default.contents(atPath: folder + "/models/ip_gan.safetensors")
    // A state that has all its steps is published as it is; a new training of the seed gives the same.
    _ = try run(ipgan)
    #expect(FileManager.default.contents(atPath: folder + "/models/ip_gan.safetensors") == first)
    try FileManager.default.removeItem(atPath: folder + "/g.state")
    _ = try run(ipgan)
    #expect(FileManager.default.contents(atPath: folder + "/models/ip_gan.safetensors") == first)
    _ = try run([
      "attack-set", "--pairs", folder + "/people", "--limit", "24", "--thetas", "0.4",
      "--iterations", "3", "-o", folder + "/attacks",
    ])
    let detector = try run(["train", "detector", "--attack-set", folder + "/attacks"])
    #expect(detector.words.contains("cannot support an error rate"))
    let models = try models(folder)
    #expect(Set(models.keys) == ["f_c", "f_v", "ip_gan", "detector", "pair_detector"])
    let made = try #require(models["detector"]?["made_with"] as? [String: String])
    for name in ["f_c", "f_v", "ip_gan"] {
      #expect(made[name] == models[name]?["sha256"] as? String)
    }
    let file = try #require(
      FileManager.default.contents(atPath: folder + "/models/detector.safetensors"))
    let header = String(decoding: file.prefix(1 << 14), as: UTF8.self)
    // The features are written down, so that another program can refuse them.
    #expect(header.contains("shifted by (1, 0)") && header.contains("linear"))
    // Too few untouched pictures support no threshold, and so nothing is judged: the door stays shut.
    let picture = folder + "/people/p0/0.png"
    let verdict = try run(["verify", "--aligned", "--json", picture, picture], status: 2)
    #expect(verdict.output.contains(#""decision":"deny""#))
  }

  @Test("the face detector is trained, continued and published") func faceDetector() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let frames = folder + "/frames"
    try FileManager.default.createDirectory(atPath: frames, withIntermediateDirectories: true)
    var table = [
      "image,left_eye_x,left_eye_y,right_eye_x,right_eye_y,nose_x,nose_y,mouth_left_x,mouth_left_y,"
        + "mouth_right_x,mouth_right_y"
    ]
    for person in 0..<140 {
      let path = "\(frames)/p\(person)"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try SyntheticPeople.picture(person: person, variant: 0, side: 128).writePNG(
        to: path + "/0.png")
      table.append("p\(person)/0.png,44,52,84,52,64,74,48,92,80,92")
    }
    try Data((table.joined(separator: "\n") + "\n").utf8).write(
      to: URL(fileURLWithPath: frames + "/landmarks.csv"))
    let packed = try Shell.run(
      "cd \"$1\" && tar -cf lfw-frames.tar p* && tar -cf wild-frames.tar -T /dev/null", [frames])
    #expect(packed.status == 0)
    func train(_ steps: Int, _ state: String) throws -> Data? {
      let run = try Tool.run([
        "train", "face-detector", "--frames", frames, "--steps", "\(steps)", "--state",
        "\(folder)/\(state).state", "--models", folder + "/models",
      ])
      #expect(run.status == 0, "\(run.words)")
      return FileManager.default.contents(atPath: folder + "/models/face_detector.safetensors")
    }
    let (one, more) = (try train(1, "a"), try train(2, "a"))
    #expect(one != nil && one != more)
    #expect(try train(2, "b") == more)
    let metrics = try models(folder)["face_detector"]?["metrics"] as? [String: Double]
    #expect(metrics?["steps"] == 2)
    // A network of two steps finds what it likes, but it loads, and it runs.
    let run = try Tool.run(["find", "--models", folder + "/models", frames + "/p0/0.png"])
    #expect(run.status == 0 && run.output.contains(#""faces":["#), "\(run.words)")
  }
}
