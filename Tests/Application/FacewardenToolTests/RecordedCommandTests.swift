import CommandLineArguments
import Embedders
import Testing

@testable import facewarden

/// The command that a manifest records: all that the result depends on, and again the same settings.
@Suite struct RecordedCommandTests {
  private func settings<Settings: Subcommand & CommandSettings>(
    _ type: Settings.Type, _ words: [String]
  ) throws -> Settings {
    try Settings(try arguments(type.command, words))
  }

  private func arguments(_ command: Command, _ words: [String]) throws -> Arguments {
    guard case .run(let arguments) = try command.parse(words) else { throw Help() }
    return arguments
  }

  private struct Help: Error {}

  @Test("the detectors' and the quality model's") func settled() throws {
    let faces = try settings(
      TrainFaceDetector.self, ["--frames", "f", "--aligned", "a", "--steps", "7", "--state", "s"])
    #expect(
      faces.words == [
        "--frames", "f", "--aligned", "a", "--steps", "7", "--seed", "1", "--checkpoint-steps",
        "200",
      ])
    #expect(try settings(TrainFaceDetector.self, faces.words).words == faces.words)
    let detector = try settings(
      TrainDetector.self, ["--attack-set", "a", "--attack-set", "b", "--models", "m"])
    #expect(detector.words == ["--attack-set", "a", "--attack-set", "b", "--detector", "full"])
    #expect(try settings(TrainDetector.self, detector.words).words == detector.words)
    let quality = try settings(
      TrainQuality.self, ["--data", "d", "--without", "fog", "--discard", "0.05"])
    #expect(quality.words.contains("0.05") && quality.words.contains("fog"))
    #expect(try settings(TrainQuality.self, quality.words).words == quality.words)
  }

  @Test(
    "an IP-GAN's, with the widths that it came to",
    arguments: [[], ["--without", "GC,KL", "--start", "overlapping", "--changes", "--seed", "9"]])
  func ipgan(_ words: [String]) throws {
    let first = try IPGANSettings(arguments(TrainIPGAN.command, ["--data", "d/faces"] + words))
    let training = try first.training(for: EmbedderArchitecture().shape)
    let text = first.text(of: training)
    #expect(
      text.contains("--generator-widths 256,256,128,64,32,16") && text.contains("--data faces"))
    let again = try IPGANSettings(
      arguments(
        TrainIPGAN.command, text.split(separator: " ").dropFirst(3).map(String.init)))
    #expect(try again.training(for: EmbedderArchitecture().shape) == training)
    #expect(again.text(of: training) == text)
  }
}
