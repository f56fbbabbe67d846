import Foundation
import Images
import TestSupport
import Testing

/// The built tool, as a user runs it, on the shipped models and samples.
@Suite(.enabled(if: Tool.hasModels, "needs models/ and samples/")) struct ToolTests {
  static let samples = TestProducts.packageRoot.path + "/samples"

  struct Pair: CustomTestStringConvertible, Sendable {
    let name: String
    let status: Int32
    let decision: String
    let verdict: String
    var testDescription: String { name }
  }

  @Test(
    "the samples get the verdicts that the README prints",
    arguments: [
      Pair(name: "genuine", status: 0, decision: "accept", verdict: "bona_fide"),
      Pair(name: "impostor", status: 1, decision: "deny", verdict: "bona_fide"),
      Pair(name: "adversarial", status: 1, decision: "deny", verdict: "adversarial"),
    ])
  func verdicts(_ pair: Pair) throws {
    let run = try Tool.run([
      "verify", "--aligned", "--json", "\(Self.samples)/\(pair.name)-probe.png",
      "\(Self.samples)/\(pair.name)-reference.png",
    ])
    let verdict = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(run.status == pair.status)
    #expect(verdict["decision"] as? String == pair.decision)
    #expect(verdict["verdict"] as? String == pair.verdict)
    let verification = verdict["verification"] as? [String: Any]
    #expect(verification?["operating_point"] as? String == "fmr-1e-2")
    #expect(verification?["fmr"] as? Double == 0.01)
    #expect((verification?["source"] as? String)?.contains("people") == true)
    #expect(verification?["match"] as? Bool == (pair.name != "impostor"))
  }

  @Test("whole pictures are judged too: where the face was found is part of the verdict")
  func wholePictures() throws {
    let run = try Tool.run([
      "verify", "--json", "\(Self.samples)/genuine-probe.png",
      "\(Self.samples)/genuine-reference.png",
    ])
    #expect(run.status == 0, "\(run.words)")
    let verdict = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let probe = try #require(verdict?["probe"] as? [String: Any])
    let box = try #require(probe["box"] as? [String: Double])
    #expect(abs((box["width"] ?? 0) - 92) < 8 && probe["aligned"] as? Bool == false)
    #expect(probe["faces"] as? Int == 1 && probe["landmarks"] != nil)
    #expect(try #require(probe["detector_score"] as? Double) > 0.9)
  }

  @Test(
    "every instruction set and both tiles give the same verdicts, and distances that agree",
    arguments: ["genuine", "impostor", "adversarial"])
  func variants(_ pair: String) throws {
    func verify(_ environment: [String: String]) throws -> (status: Int32, [String: Any]) {
      let run = try Tool.run(
        [
          "verify", "--aligned", "--json", "\(Self.samples)/\(pair)-probe.png",
          "\(Self.samples)/\(pair)-reference.png",
        ], environment: environment)
      let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
      return (run.status, try #require(object as? [String: Any]))
    }
    let (status, expected) = try verify([:])
    for environment in [
      ["FACEWARDEN_TILE": "2"], ["FACEWARDEN_ISA": "avx2"], ["FACEWARDEN_ISA": "baseline"],
      ["FACEWARDEN_ISA": "baseline", "FACEWARDEN_TILE": "2"],
    ] {
      let (found, verdict) = try verify(environment)
      #expect(found == status, "\(environment)")
      for key in ["decision", "verdict", "reason"] {
        #expect(verdict[key] as? String == expected[key] as? String, "\(environment)")
      }
      func distance(_ verdict: [String: Any]) throws -> Double {
        let verification = try #require(verdict["verification"] as? [String: Any])
        return try #require(verification["distance"] as? Double)
      }
      #expect(abs(try distance(verdict) - distance(expected)) < 1e-4, "\(environment)")
    }
  }

  @Test("the verdict says which threshold decided, and a point that is not stored is refused")
  func operatingPoints() throws {
    func verify(_ options: [String]) throws -> Tool.Run {
      try Tool.run(
        ["verify", "--aligned"] + options + [
          "\(Self.samples)/genuine-probe.png", "\(Self.samples)/genuine-reference.png",
        ])
    }
    let strict = try verify(["--fmr", "0.001"])
    #expect(strict.output.contains("(fmr-1e-3), false match rate 0.001"), "\(strict.output)")
    let given = try verify(["--threshold", "0.125"])
    #expect(given.output.contains("threshold 0.125 (given): no match"), "\(given.output)")
    #expect(given.status == 1)
    let missing = try verify(["--fmr", "0.00001"])
    #expect(missing.status == 2 && missing.words.contains("fmr-1e-5"))
    #expect(missing.words.contains("fmr-1e-3"))
    #expect(try verify(["--fmr", "0.01", "--threshold", "1"]).status == 64)
  }

  @Test("a reconstruction is written, and a refused one leaves no file") func reconstruct() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = try Tool.run([
      "reconstruct", "--aligned", "\(Self.samples)/genuine-probe.png", "-o", folder + "/x.png",
    ])
    #expect(run.status == 0)
    let picture = try RGBImage.read(path: folder + "/x.png").image
    #expect(picture.width == 128 && picture.height == 128)
    let refused = try Tool.run([
      "reconstruct", "--aligned", folder + "/none.png", "-o", folder + "/y.png",
    ])
    #expect(refused.status == 2)
    #expect(!FileManager.default.fileExists(atPath: folder + "/y.png"))
  }

  @Test("an attack's picture is below θ when it is verified, and its sheet shows it")
  func attack() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (probe, target) = (
      "\(Self.samples)/impostor-probe.png", "\(Self.samples)/impostor-reference.png"
    )
    let run = try Tool.run([
      "attack", "--aligned", "--json", "--theta", "0.8", "--iterations", "4", probe, target, "-o",
      folder + "/x.png", "--sheet", folder + "/sheet.png",
    ])
    #expect(run.status == 0, "\(run.words)")
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(report["attack"] as? String == "minimum-norm" && report["success"] as? Bool == true)
    let after = try #require(report["distance2_after"] as? Double)
    let verified = try Tool.run(["verify", "--aligned", "--json", folder + "/x.png", target])
    let verdict = try #require(
      try JSONSerialization.jsonObject(with: Data(verified.output.utf8)) as? [String: Any])
    let measured = try #require(verdict["verification"] as? [String: Any])
    // Both networks decide; the attack is on f_C.
    let networks = try #require(measured["networks"] as? [String: Any])
    let distance = try #require(networks["f_c"] as? Double)
    #expect(abs(distance - after) < 1e-4 && distance < 0.8)

    let sheet = try RGBImage.read(path: folder + "/sheet.png").image
    #expect(sheet.width == 4 * 128 && sheet.height == 2 * 128)
    let (source, changed) = (
      try RGBImage.read(path: probe).image, try RGBImage.read(path: folder + "/x.png").image
    )
    for (x, y) in [(0, 0), (64, 64), (31, 100)] {
      let difference =
        Int(changed.pixels[(y * 128 + x) * 3]) - Int(source.pixels[(y * 128 + x) * 3])
      #expect(
        sheet.pixels[(y * 512 + x + 256) * 3] == UInt8(clamping: 128 + 20 * difference))
    }
  }

  @Test("a set made in shards from a folder is summarised, and evaluated by attack")
  func attackSet() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (person, name) in ["impostor-probe", "impostor-reference", "genuine-probe"].enumerated() {
      let own = "\(folder)/people/\(person)"
      try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: "\(Self.samples)/\(name).png", toPath: own + "/a.png")
    }
    for shard in 1...2 {
      let run = try Tool.run([
        "attack-set", "--pairs", folder + "/people", "--thetas", "0.9", "--iterations", "3",
        "--attack", "deepfool,jpeg-75", "--attack", "bim", "--shard", "\(shard)/2", "-o",
        folder + "/set",
      ])
      #expect(run.status == 0, "\(run.words)")
    }
    for file in [
      "summary.json", "distortion-deepfool.svg", "distortion-jpeg-75.svg", "manifest-1-of-2.jsonl",
      "manifest-2-of-2.jsonl", "settings.json",
    ] {
      #expect(FileManager.default.fileExists(atPath: "\(folder)/set/\(file)"), "\(file)")
    }
    let set = try String(
      contentsOfFile: folder + "/set/manifest-1-of-2.jsonl", encoding: .utf8)
    #expect(set.split(separator: "\n").count == 6)
    let several = try Tool.run(["evaluate", "detection", "--attack-set", folder + "/set"])
    #expect(several.status == 2 && several.words.contains("expected one of"), "\(several.words)")
    #expect(several.words.contains("jpeg-75"))
    let other = try Tool.run([
      "attack-set", "--pairs", folder + "/people", "--thetas", "0.8", "-o", folder + "/set",
    ])
    #expect(other.status == 2 && other.words.contains("other attacks"))
  }

  @Test("check answers every line in order, also the bad ones") func check() throws {
    let (probe, reference) = (
      "\(Self.samples)/genuine-probe.png", "\(Self.samples)/genuine-reference.png"
    )
    let lines = [
      #"{"id": "a", "probe": "\#(probe)", "reference": "\#(reference)"}"#,
      "not json",
      #"{"id": 7, "probe": "\#(probe)"}"#,
      #"{"id": "c", "probe": "/nowhere.png", "reference": "\#(reference)"}"#,
      #"{"id": "d", "probe_base64": "%%%", "reference": "\#(reference)"}"#,
      #"{"id": "e", "probe": "\#(probe)", "reference": "\#(reference)", "threshold": 9}"#,
      #"{"id": "f", "probe": "\#(probe)", "reference": "\#(reference)", "threshold": 0}"#,
      #"{"id": "g", "probe": "\#(probe)", "reference": "\#(reference)"}"#,
    ]
    let run = try Tool.run(["check", "--aligned"], input: lines.joined(separator: "\n") + "\n")
    let answers = try run.output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(answers.count == lines.count)
    #expect(
      answers.map { $0["id"] as? String } == ["a", nil, "7", "c", "d", "e", "f", "g"])
    #expect(
      answers.map { $0["decision"] as? String }
        == ["accept", "deny", "deny", "deny", "deny", "deny", "deny", "accept"])
    #expect(
      answers.map { $0["verdict"] as? String == "undecided" }
        == [false, true, true, true, true, true, false, false])
    // Undecided ones say why by the codes that HTTP has, too.
    for answer in answers {
      #expect((answer["code"] as? String != nil) == (answer["verdict"] as? String == "undecided"))
    }
    #expect(run.status == 2)
  }

  @Test(
    "one picture is screened: words, JSON, and what cannot be judged",
    arguments: [
      ("genuine-probe.png", Int32(0), "bona_fide"), ("adversarial-probe.png", 1, "adversarial"),
      ("README.md", 2, "undecided"), ("none.png", 2, "undecided"),
    ])
  func screens(name: String, status: Int32, verdict: String) throws {
    let path = TestProducts.packageRoot.path + "/samples/" + name
    let words = try Tool.run(["screen", "--aligned", path])
    let json = try Tool.run(["screen", "--aligned", "--json", path])
    #expect(words.status == status && json.status == status)
    let answer = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(answer["verdict"] as? String == verdict && answer["decision"] == nil)
    #expect((answer["code"] as? String != nil) == (status == 2))
    #expect(
      words.output.hasPrefix(
        verdict.replacingOccurrences(of: "_", with: " ").uppercased() + ": "))
  }

  @Test("a model whose sum is off is refused") func damagedModel() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let copy = folder + "/models"
    try FileManager.default.copyItem(
      atPath: TestProducts.packageRoot.path + "/models", toPath: copy)
    let path = copy + "/f_c.safetensors"
    var bytes = try #require(FileManager.default.contents(atPath: path))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: URL(fileURLWithPath: path))
    let run = try Tool.run([
      "verify", "--aligned", "--models", copy, "\(Self.samples)/genuine-probe.png",
      "\(Self.samples)/genuine-reference.png",
    ])
    #expect(run.status == 2)
    #expect(run.words.contains("f_c.safetensors"))
    #expect(run.output.hasPrefix("DENY"))
  }
}

/// What needs no models.
@Suite struct ToolRefusalTests {
  @Test("pictures that cannot be judged are named, with status 2") func pictures() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
      try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
      return folder + "/" + name
    }
    let black = try RGBImage(width: 128, height: 128).pngData()
    let small = try RGBImage(width: 20, height: 20, red: 90).pngData()
    let truncated = Array(black.prefix(black.count / 2))
    let cases = [
      (try file("black.png", black), "shows no face"),
      (try file("small.png", small), "128×128"),
      (try file("truncated.png", truncated), "truncated.png"),
      (try file("text.png", Array("hello".utf8)), "text.png"),
      (try file("empty.png", []), "empty.png"),
      (folder, "file"), (folder + "/none.png", "does not exist"),
    ]
    for (path, says) in cases {
      let run = try Tool.run(["verify", "--aligned", path, path])
      #expect(run.status == 2, "\(path)")
      #expect(run.words.contains(says), "\(run.words)")
      #expect(run.output.hasPrefix("DENY"))
    }
    let table = try file("points.csv", Array("image,left_eye_x\n".utf8))
    let run = try Tool.run(["verify", "--landmarks", table, cases[0].0, cases[0].0])
    #expect(run.status == 2 && run.words.contains("points.csv"))
  }
}
