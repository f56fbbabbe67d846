import Foundation
import TestSupport
import Testing

extension ImportedNetworkTests {
  private static func addShippedQuality(to folder: String) throws {
    let shipped = TestProducts.packageRoot.path + "/models"
    try FileManager.default.copyItem(
      atPath: shipped + "/quality.safetensors", toPath: folder + "/quality.safetensors")
    func manifest(_ folder: String) throws -> [String: Any] {
      let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/manifest.json"))
      return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }
    func models(_ manifest: [String: Any]) throws -> [[String: Any]] {
      try #require(manifest["models"] as? [[String: Any]])
    }
    var own = try manifest(folder)
    let added = try models(manifest(shipped)).filter { $0["name"] as? String == "quality" }
    #expect(added.count == 1)
    own["models"] = try models(own) + added
    try JSONSerialization.data(withJSONObject: own).write(
      to: URL(fileURLWithPath: folder + "/manifest.json"))
  }

  @Test("the README's recipe makes a screen, from a file and a folder of faces to a verdict")
  func recipe() throws {
    let blocks = ReadmeTests.blocks("README.md").filter { lines in
      lines.contains { $0.hasPrefix("facewarden import network.onnx") }
    }
    #expect(blocks.count == 1 && blocks.first?.count == 7)
    let other = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: other) }
    let crowd = try folder() + "/crowd"
    // As the shipped models, those that the recipe begins with can tell poor pictures, by another f_C.
    try FileManager.default.copyItem(atPath: folder() + "/models", toPath: other + "/models")
    try Self.addShippedQuality(to: other + "/models")
    let quality = [
      "--limits", "6", "--strangers", "2", "--steps", "40", "--pictures", "6", "--without",
      "motion,few-pixels,fog,washed-out,dark,burnt-out,compressed,covered,side-light,turned,snow",
    ]
    try Self.write(Self.network(24, seed: 21), other + "/network.onnx")
    for line in blocks.first ?? [] {
      var command = String(line).replacing(" own", with: " \(other)/own")
        .replacing("cp -r models", with: "cp -r \(other)/models")
        .replacing("network.onnx", with: other + "/network.onnx")
        .replacing(#/faces/a/(\d)\.png/#) { "\(crowd)/p0/\($0.1).png" }
        .replacing(" faces", with: " \(crowd)")
      // Smaller than for use, not otherwise.
      if command.contains("facewarden attack-set") {
        command += " --limit 12 --thetas 0.01 --iterations 3"
      }
      if command.contains("train ipgan") {
        command += " " + Self.widths.joined(separator: " ")
      }
      if command.contains("train quality") {
        command += " " + quality.joined(separator: " ")
      }
      let run = try ReadmeTests.run(command, port: nil)
      let isCheck = command.contains("facewarden check")
      if isCheck {
        // Drawn faces are coarse: a verdict that says so is one, and needs a quality of this f_C.
        #expect(
          run.output.contains(#""decision":"#) && run.output.contains(#""recognizability":"#),
          "\(run.words) \(run.output)")
      } else {
        #expect(run.status == 0, "\(command): \(run.words)")
      }
    }
  }
}
