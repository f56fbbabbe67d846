import Checkpoints
import Foundation
import TestSupport
import Testing

/// Training and measuring an embedder as a user does, on people who do not exist.
@Suite struct EmbedderCommandTests {
  /// A folder with `faces` (14 people, 4 pictures each, a broken file and a repeated one).
  private func folder() throws -> String {
    let folder = try Tool.temporaryFolder()
    let faces = folder + "/faces"
    try SyntheticPeople.writeFolder(faces, people: 14, pictures: 4)
    try Data("no picture".utf8).write(to: URL(fileURLWithPath: faces + "/p0/broken.png"))
    try FileManager.default.copyItem(atPath: faces + "/p1/0.png", toPath: faces + "/p1/copy.png")
    return folder
  }

  private func train(_ folder: String, _ more: [String], batch: Int = 8) throws -> Tool.Run {
    try Tool.run(
      [
        "train", "embedder", "--data", folder + "/faces", "--models", folder + "/models",
        "--batch", "\(batch)", "--held-out", "0.4", "--epochs", "2",
        "--augmentation", "none",
      ] + more)
  }

  private static let shape = [
    "--widths", "4,6,6,8", "--convolutions", "1,1,1,1", "--embedding", "8",
  ]

  private func object(_ path: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test("a training leaves weights, log and curves; others go on from it; all are measured")
  func wholeWay() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = try train(
      folder,
      Self.shape + [
        "--name", "f_v", "--balanced", "--loss", "arcface", "--flip", "--state",
        folder + "/runs/v.state", "--omissions", folder + "/left-out.txt",
      ])
    #expect(run.status == 0, "\(run.words)")
    #expect(run.words.contains("broken.png") && run.words.contains("the same file as"))
    #expect(run.words.contains("held-out people") && run.words.contains("expected at least 30000"))
    let omissions = try String(contentsOfFile: folder + "/left-out.txt", encoding: .utf8)
    #expect(omissions.split(separator: "\n").count == 2)
    for chart in ["loss", "accuracy"] {
      let svg = try String(contentsOfFile: "\(folder)/runs/v-\(chart).svg", encoding: .utf8)
      _ = try WellFormed.elements(of: svg)
    }
    let log = try String(contentsOfFile: folder + "/runs/v.log.jsonl", encoding: .utf8)
    #expect(log.hasSuffix("\n") && log.contains("\"pair_loss\":"))
    let manifest = try object(folder + "/models/manifest.json")
    let entry = try #require((manifest["models"] as? [[String: Any]])?.first)
    let command = try #require(entry["command"] as? String)
    for option in ["--balanced", "--flip", "--loss arcface", "--margin 0.25", "--seed 1"] {
      #expect(command.contains(option), "\(command)")
    }
    #expect(!command.contains(folder))

    // The recorded command and seed make the same weights.
    let words = command.split(separator: " ").map(String.init).dropFirst().map {
      $0 == "faces" ? folder + "/faces" : $0
    }
    let again = try Tool.run(
      words + ["--models", folder + "/again", "--state", folder + "/runs/again.state"])
    #expect(again.status == 0, "\(again.words)")
    #expect(
      FileManager.default.contents(atPath: folder + "/again/f_v.safetensors")
        == FileManager.default.contents(atPath: folder + "/models/f_v.safetensors"))

    // A state is published as it is, under another name; without a state there is nothing to publish.
    let published = try Tool.run(
      words + ["--models", folder + "/again", "--state", folder + "/runs/again.state", "--publish"])
    #expect(published.status == 0, "\(published.words)")
    #expect(
      FileManager.default.contents(atPath: folder + "/again/f_v.safetensors")
        == FileManager.default.contents(atPath: folder + "/models/f_v.safetensors"))
    let nothing = try train(
      folder, Self.shape + ["--publish", "--state", folder + "/runs/none.state"])
    #expect(nothing.status == 2 && nothing.words.contains("expected one to publish"))
    #expect(!FileManager.default.fileExists(atPath: folder + "/models/f_c.safetensors"))

    let fine = try train(
      folder, ["--from", "f_v", "--softmax-share", "0", "--state", folder + "/runs/c.state"])
    #expect(fine.status == 0, "\(fine.words)")
    let other = try train(
      folder, ["--from", "f_v", "--widths", "4,4", "--state", folder + "/runs/d.state"])
    #expect(other.status == 2 && other.words.contains("another shape"))

    try measure(folder)
  }

  private func measure(_ folder: String) throws {
    let models = ["--models", folder + "/models", "--model", "f_v"]
    let listed = try Tool.run(["models", "--models", folder + "/models"])
    #expect(listed.output.contains("f_v.safetensors") && listed.output.contains("f_c.safetensors"))
    let verified = try Tool.run(
      ["evaluate", "verification", folder + "/faces", "-o", folder + "/report", "--json"] + models)
    #expect(verified.status == 0, "\(verified.words)")
    let report = try object(folder + "/report/report.json")
    #expect((report["people"] as? Int) == 14)
    #expect(
      try JSONSerialization.jsonObject(with: Data(verified.output.utf8)) as? [String: Any] != nil)
    let html = try String(contentsOfFile: folder + "/report/report.html", encoding: .utf8)
    #expect(try WellFormed.elements(of: html)["figure"] == 3)
    #expect(!html.contains(folder), "a report names no folder of this machine")
    let identified = try Tool.run(
      ["evaluate", "identification", folder + "/faces", "--json"] + models)
    #expect(identified.status == 0 && identified.output.contains("\"top1\""))
    let none = try Tool.run(
      ["evaluate", "verification", folder + "/faces", "--model", "f_x"]
        + ["--models", folder + "/models"])
    #expect(none.status == 2 && none.words.contains("f_x"))
  }

  @Test("too little to learn from is refused in a line, and no model is written") func tooLittle()
    throws
  {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = try train(folder, Self.shape + ["--state", folder + "/a.state"], batch: 1024)
    #expect(run.status == 2 && run.words.contains("do not fill a batch"))
    #expect(run.words.split(separator: "\n").last?.hasPrefix("error: ") == true)
    #expect(!FileManager.default.fileExists(atPath: folder + "/models/manifest.json"))
    #expect(!FileManager.default.fileExists(atPath: folder + "/a.state"))
  }

  /// A teacher that gives each of the folder's people a direction of four numbers.
  private func writeTeacher(_ path: String, people: Int) throws {
    let names = (0..<people).flatMap { person in (0..<4).map { "p\(person)/\($0)" } }
    var rows: [Float] = []
    for person in 0..<people {
      let direction = (0..<4).map { place -> Float in
        let level = (person * 7 + place * 5) % 11
        return Float(level) - 4.5
      }
      for _ in 0..<4 { rows += direction }
    }
    try SafeTensorsFile(
      arrays: [NamedArray(name: "embeddings", shape: [names.count, 4], elements: rows)],
      metadata: ["names": names.joined(separator: "\n")]
    ).write(to: path)
  }

  @Test("a teacher's embeddings are learnt; strangers in groups set thresholds; the side may grow")
  func teacher() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let teacher = folder + "/teacher.safetensors"
    try writeTeacher(teacher, people: 14)
    try SyntheticPeople.writeFolder(folder + "/others", people: 40, pictures: 1)
    let table = (0..<40).map { "p\($0)/0,\($0 % 2 == 0 ? "even" : "odd")" }
    try Data((["picture,kind"] + table).joined(separator: "\n").utf8).write(
      to: URL(fileURLWithPath: folder + "/groups.csv"))
    let way = ["--teacher", teacher, "--unlabelled", folder + "/others", "--people-weight", "0.1"]
    let shape = [
      "--architecture", "residual", "--widths", "4,6", "--convolutions", "1,3", "--slope", "0.2",
      "--side", "16", "--embedding", "4",
    ]
    let groups = [
      "--strangers", folder + "/others", "--groups", folder + "/groups.csv", "--by", "kind",
    ]
    let hardening = ["--hardening", "2", "--hardening-steps", "2", "--hardening-warmup", "0.5"]
    let run = try train(
      folder, way + shape + groups + hardening + ["--state", folder + "/runs/t.state"], batch: 6)
    #expect(run.status == 0, "\(run.words)")
    #expect(run.words.contains("does not name them"))
    let manifest = try object(folder + "/models/manifest.json")
    let entry = try #require((manifest["models"] as? [[String: Any]])?.first)
    let command = try #require(entry["command"] as? String)
    for option in [
      "--teacher teacher.safetensors", "--unlabelled others", "--people-weight 0.1",
      "--architecture residual", "--side 16", "--hardening-steps 2",
    ] {
      #expect(command.contains(option), "\(command)")
    }
    let points = try #require(entry["operating_points"] as? [[String: Any]])
    #expect(points.contains { $0["name"] as? String == "group-fmr-1e-1" })

    // With more pixels the convolutions go on; another shape is refused.
    let larger = try train(
      folder,
      way + ["--from", "f_c", "--name", "large", "--side", "32"]
        + ["--state", folder + "/runs/l.state"], batch: 6)
    #expect(larger.status == 0, "\(larger.words)")
    let measured = try Tool.run([
      "evaluate", "verification", "--models", folder + "/models", "--model", "large",
      "--strangers", folder + "/others", "--groups", folder + "/groups.csv", "--json",
    ])
    #expect(measured.status == 0 && measured.output.contains("\"worstGroup\""), "\(measured.words)")

    // A residual network may get further pairs, and nothing else; the command in the manifest says so.
    let deeper = way + ["--from", "f_c", "--name", "deeper"]
    let deepened = try train(
      folder, deeper + ["--convolutions", "1,5", "--state", folder + "/runs/d.state"], batch: 6)
    #expect(deepened.status == 0, "\(deepened.words)")
    let text = try #require(FileManager.default.contents(atPath: folder + "/models/manifest.json"))
    #expect(String(decoding: text, as: UTF8.self).contains("--convolutions 1,5 "))
    let wider = try train(
      folder, deeper + ["--widths", "4,8", "--state", folder + "/runs/w.state"], batch: 6)
    #expect(wider.status == 2, "\(wider.words)")

    // So they do with another view, at a side that networks of five blocks could not have; a view of
    // other colours is refused.
    let middle = way + ["--from", "f_c", "--name", "middle", "--side", "20"]
    let nearer = try train(
      folder, middle + ["--view", "middle", "--state", folder + "/runs/m.state"], batch: 6)
    #expect(nearer.status == 0, "\(nearer.words)")
    let grey = try train(
      folder, middle + ["--view", "grey-middle", "--state", folder + "/runs/g.state"], batch: 6)
    #expect(grey.status == 2, "\(grey.words)")

    // Half precision takes half the bytes, and is what the figures are of.
    let half = try train(
      folder,
      way + shape + hardening
        + ["--name", "half", "--half", "--publish", "--state", folder + "/runs/t.state"], batch: 6)
    #expect(half.status == 0, "\(half.words)")
    func size(_ name: String) -> Int {
      FileManager.default.contents(atPath: "\(folder)/models/\(name).safetensors")?.count ?? 0
    }
    #expect(size("half") > 0 && size("half") < size("f_c") * 3 / 4)
    // The self-test's numbers are of the weights in the file.
    let listed = try Tool.run(["models", "--models", folder + "/models"])
    #expect(listed.status == 0, "\(listed.words)")
    #expect(
      try Tool.run([
        "embed", "--models", folder + "/models", "--model", "half", "--aligned",
        folder + "/faces/p0/0.png",
      ]).status == 0)

    // What has no sense without a teacher, or with another width, is refused.
    #expect(try train(folder, ["--people-weight", "1"]).status == 64)
    let wide = try train(folder, way + Self.shape + ["--state", folder + "/runs/w.state"])
    #expect(wide.status == 2 && wide.words.contains("expected 8"), "\(wide.words)")
  }
}
