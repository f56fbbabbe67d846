import Checkpoints
import Files
import Foundation
import JSON
import ModelStore
import TestSupport
import Testing

@Suite struct ModelManifestTests {
  static let contents: [UInt8] = [1, 2, 3]

  static let entry = ModelEntry(
    name: "embedder", file: "embedder.safetensors", contents: contents,
    architecture: ["widths": [32, 64], "loss": "cosface", "margin": 0.35, "bias": false],
    trainingData: "lfw view 1", command: "facewarden train embedder", seed: .max,
    metrics: ["auc": 0.1 + 0.2],
    operatingPoints: [
      OperatingPoint(name: "fmr-1e-2", threshold: 1.07, fmr: 0.01, count: 3000, ci95: [0, 0.02])
    ],
    license: "Apache-2.0", notes: "n", departures: ["unit length"])

  /// A folder with the model and a manifest that lists it.
  func withModels(_ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write(Self.contents, to: "\(folder)/embedder.safetensors")
      try ModelManifest.update(Self.entry, folder: folder)
      try body(folder)
    }
  }

  func replace(_ old: String, with new: String, in folder: String) throws {
    let path = "\(folder)/\(ModelManifest.fileName)"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.contains(old))
    try AtomicFile.write(Array(text.replacing(old, with: new).utf8), to: path)
  }

  @Test("reading what was written gives the same manifest") func roundTrip() throws {
    try withModels { folder in
      let manifest = try ModelManifest(folder: folder)
      #expect(manifest.models == [Self.entry])
      #expect(try manifest.entry("embedder").operatingPoint("fmr-1e-2")?.threshold == 1.07)
      #expect(manifest.models[0].architecture["widths"]?.array?[1].integer == 64)
      #expect(try manifest.verifiedBytes(of: "embedder", in: folder) == Self.contents)
    }
  }

  @Test("a model is refused when one that it was made with has changed or gone") func madeWith()
    throws
  {
    try withModels { folder in
      let sums = try ModelManifest(folder: folder).sums(of: ["embedder"])
      try AtomicFile.write([7], to: "\(folder)/detector.safetensors")
      try ModelManifest.update(
        ModelEntry(
          name: "detector", file: "detector.safetensors", contents: [7], madeWith: sums),
        folder: folder)
      func load() throws -> [UInt8] {
        try ModelManifest(folder: folder).verifiedBytes(of: "detector", in: folder)
      }
      #expect(try load() == [7])
      try ModelManifest.update(
        ModelEntry(name: "embedder", file: "embedder.safetensors", contents: [9]), folder: folder)
      #expect(
        throws: CheckpointError.madeWithAnother(model: "detector", partner: "embedder"),
        performing: load)
      #expect(
        try ModelManifest(folder: folder)
          .verifiedBytes(of: "detector", in: folder, isBeginning: true) == [7])
    }
  }

  @Test("entries are replaced by name and kept in order") func update() throws {
    try withModels { folder in
      for name in ["witness", "detector", "embedder"] {
        try ModelManifest.update(
          ModelEntry(name: name, file: "f", contents: [], notes: "new"), folder: folder)
      }
      let manifest = try ModelManifest(folder: folder)
      #expect(manifest.models.map(\.name) == ["detector", "embedder", "witness"])
      #expect(manifest.models.allSatisfy { $0.notes == "new" })
    }
  }

  @Test("a changed file is refused with both sums") func changed() throws {
    try withModels { folder in
      let manifest = try ModelManifest(folder: folder)
      try AtomicFile.write([1, 2, 4], to: "\(folder)/embedder.safetensors")
      #expect(
        throws: CheckpointError.wrongChecksum(
          file: "embedder.safetensors", expected: SHA256.hex(of: [1, 2, 3]),
          found: SHA256.hex(of: [1, 2, 4]))
      ) { try manifest.verifiedBytes(of: "embedder", in: folder) }
      try AtomicFile.write([1], to: "\(folder)/embedder.safetensors")
      #expect(
        throws: CheckpointError.wrongSize(file: "embedder.safetensors", expected: 3, found: 1)
      ) { try manifest.verifiedBytes(of: "embedder", in: folder) }
    }
  }

  @Test("unknown models are refused with the known names") func unknown() throws {
    try withModels { folder in
      #expect(throws: CheckpointError.unknownModel(name: "x", known: ["embedder"])) {
        try ModelManifest(folder: folder).verifiedBytes(of: "x", in: folder)
      }
    }
  }

  @Test(
    "files outside the folder are refused", arguments: ["../x", "/etc/passwd", "a/../../b", ""])
  func outside(file: String) {
    var manifest = ModelManifest()
    manifest.update(ModelEntry(name: "m", file: file, contents: []))
    #expect(throws: CheckpointError.unsafeFileName(file)) {
      try manifest.verifiedBytes(of: "m", in: "models")
    }
  }

  @Test("another schema version is refused before the rest is read") func schema() throws {
    try withModels { folder in
      try replace("\"schema\" : 1", with: "\"schema\" : 2", in: folder)
      #expect(
        throws: CheckpointError.unsupportedSchema(
          path: "\(folder)/manifest.json", expected: 1, found: 2)
      ) { try ModelManifest(folder: folder) }
    }
  }

  @Test("a missing key is named") func missingKey() throws {
    try withModels { folder in
      try replace("\"training_data\"", with: "\"other\"", in: folder)
      #expect(
        throws: CheckpointError.malformedManifest(
          path: "\(folder)/manifest.json", reason: "missing key models.0.training_data")
      ) { try ModelManifest(folder: folder) }
    }
  }

  @Test("a number that JSON cannot hold is refused") func notANumber() throws {
    try withTemporaryFolder { folder in
      #expect(throws: CheckpointError.self) {
        try ModelManifest.update(
          ModelEntry(name: "m", file: "f", contents: [], metrics: ["auc": .nan]), folder: folder)
      }
      let left = try names(in: folder)
      #expect(left.isEmpty)
    }
  }

  @Test("concurrent updates lose no entry") func concurrent() throws {
    try withTemporaryFolder { folder in
      DispatchQueue.concurrentPerform(iterations: 8) { number in
        try? ModelManifest.update(
          ModelEntry(name: "m\(number)", file: "f", contents: []), folder: folder)
      }
      let manifest = try ModelManifest(folder: folder)
      #expect(manifest.models.map(\.name) == (0..<8).map { "m\($0)" })
    }
  }

  @Test("a manifest that names a member twice is refused") func manifest() throws {
    try withTemporaryFolder { folder in
      let text = #"{"models":[],"schema":1,"schema":1}"#
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/manifest.json"))
      #expect {
        try ModelManifest(folder: folder)
      } throws: {
        "\($0)".contains("'schema' is given twice")
      }
    }
  }
}
