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
    "an attack's, with what it sees, outlasts and goes through, or with the search after it",
    arguments: [
      [
        "--see", "f_c,f_v:1.62", "--eot", "turn=4,blur=0.00001-2", "--spread", "smooth-16",
        "--through", "jpeg-75", "--overshoot", "0.1", "--theta", "door", "--again", "2",
        "--attack", "bim", "--made-against", "f_v",
      ],
      ["--adaptive", "--restarts", "3", "--bpcer", "0.05", "--theta", "0.35"],
    ])
  func attack(_ words: [String]) throws {
    let first = try settings(AttackOne.self, ["probe", "target", "-o", "a.png"] + words)
    for place in words.indices where words[place].hasPrefix("--") {
      let at = try #require(first.words.firstIndex(of: words[place]), "\(words[place])")
      guard place + 1 < words.count, !words[place + 1].hasPrefix("--") else { continue }
      #expect(first.words[at + 1] == words[place + 1])
    }
    #expect(try settings(AttackOne.self, first.words).words == first.words)
  }

  @Test("an attack set's and a door's evaluation's, with lists of names") func lists() throws {
    let set = try settings(
      MakeAttackSet.self,
      [
        "--pairs", "p.csv", "--images", "i", "-o", "s", "--attack", "bim,mim", "--attack", "eot",
        "--thetas", "0.5,door", "--shard", "2/3", "--spread", "mask.png",
      ])
    let told = set.words.joined(separator: " ")
    for words in [
      "--attack bim,mim --attack eot", "--thetas 0.5,door", "--shard 2/3", "--spread mask.png",
    ] {
      #expect(told.contains(words), "\(told)")
    }
    #expect(try settings(MakeAttackSet.self, set.words).words == set.words)
    let door = try settings(
      EvaluateDoor.self,
      ["--lfw", "l", "--state", "s", "--quick", "--rows", "aligned-eot,whole-eot-both"])
    #expect(
      door.words == [
        "--lfw", "l", "--view", "2", "--quick", "--rows", "aligned-eot,whole-eot-both", "--seed",
        "1",
      ])
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

  @Test("an IP-GAN's on a map of 5×5 places, where G begins at 8×8")
  func largerMaps() throws {
    let embedder = EmbedderArchitecture(
      widths: [4, 4, 4, 4], convolutions: [1, 1, 1, 1],
      view: FaceView(top: 26, left: 16, side: 96, isGrey: false, resolution: 80)
    ).shape
    #expect(embedder.mapSide == 5)
    let words = ["--data", "d", "--generator-convolutions", "1,1,2,3", "--enlargement", "smooth"]
    let first = try IPGANSettings(arguments(TrainIPGAN.command, words))
    let training = try first.training(for: embedder)
    let text = first.text(of: training)
    #expect(text.contains("--generator-widths 256,128,64,48,24"))
    let again = try IPGANSettings(
      arguments(TrainIPGAN.command, text.split(separator: " ").dropFirst(3).map(String.init)))
    #expect(try again.training(for: embedder) == training)
    for widths in ["256,128,64,48", "9,9,9,9,9,9,9"] {
      #expect(throws: UsageError.self) {
        try IPGANSettings(
          arguments(TrainIPGAN.command, ["--data", "d", "--generator-widths", widths]))
      }
    }
  }
}
