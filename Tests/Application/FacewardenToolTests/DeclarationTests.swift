import CommandLineArguments
import Foundation
import TestSupport
import Testing

@testable import facewarden

/// Options are declared once: what is declared is read, what is read is declared, and all that tells of them
/// follows.
@Suite struct DeclarationTests {
  /// Options that a result does not depend on.
  static let unrecorded: Set = [
    "--models", "--state", "--publish", "--checkpoint-seconds", "--omissions", "--sheet",
  ]
  /// Words of which each option takes one; the numbers are in no default.
  static let candidates = [
    "xyz.png", "0.37", "0.011", "3", "19", "64", "0.11,0.5", "door", "arcface", "residual",
    "average",
    "middle", "momentum", "patches", "overlapping", "sums", "hinge", "GC,KL", "fog", "largest",
    "paper", "decoder", "encoder", "bgr", "xyz", "flip", "1", "70001", "20000001", "smooth", "1/2",
    "halved", "xyz=xyz.png", "f_c", "usual", "embedding",
  ]

  private struct Help: Error {}

  @Test("every command declares its options together with what they set") func declared() {
    let others = Facewarden.subcommands.filter {
      !($0 is any CommandSettings.Type) && $0 != TrainEmbedder.self && $0 != TrainIPGAN.self
    }
    #expect(others.map { $0.command.name } == [])
  }

  @Test("each option sets something of its own, which the recorded words tell") func settings()
    throws
  {
    var count = 0
    for type in Facewarden.subcommands {
      if let type = type as? any CommandSettings.Type { count += try eachOption(of: type) }
    }
    count += try eachOption(of: EmbedderSettings.self) + eachOption(of: IPGANSettings.self)
    #expect(count > 200)
  }

  /// Gives each option of settings a word, and looks for it in the words of what was read.
  private func eachOption<Settings: CommandSettings>(of type: Settings.Type) throws -> Int {
    let (options, positionals) = (type.options, type.positionals)
    let command = Command("sample", "", positionals: positionals, options: options)
    let base =
      options.filter(\.isRequired).flatMap { [$0.name, "xyz.png"] }
      + positionals.filter { $0.arity == .one || $0.arity == .some }.map { _ in "xyz.png" }
    // A name of a model is no path: such commands are asked with a name.
    func asked(_ words: [String], _ start: [String]) throws -> [String] {
      var settings = type.init()
      guard case .run(let arguments) = try command.parse(start + words) else {
        throw Help()
      }
      try settings.read(arguments)
      return settings.words
    }
    let named = base.map { $0 == "xyz.png" ? "xyz" : $0 }
    let start = (try? asked([], base)) == nil ? named : base
    func told(_ words: [String]) throws -> [String] { try asked(words, start) }
    for option in options where !option.isRequired {
      let needed: [String] =
        option.needed.map { name in
          options.contains { $0.name == name && $0.valueName == nil } ? [name] : [name, "xyz"]
        } ?? []
      if option.valueName == nil {
        let words = try told(needed + [option.name])
        #expect(words.contains(option.name) != Self.unrecorded.contains(option.name), "\(type)")
        continue
      }
      guard
        let (word, words) = Self.candidates.lazy.compactMap({ word in
          (try? told(needed + [option.name, word])).map { (word, $0) }
        }).first(where: { $0.0 != option.defaultValue })
      else {
        Issue.record("no candidate is a word for \(option.name) of \(type)")
        continue
      }
      // The same name may stand for something else elsewhere, on which the result depends.
      if Self.unrecorded.contains(option.name), !words.contains(option.name) { continue }
      let place = try #require(words.firstIndex(of: option.name), "\(type) \(option.name)")
      #expect(words[place + 1] == word, "\(type) \(option.name)")
    }
    return options.count
  }

  @Test("docs/commands.md is what the declarations say: facewarden help --reference")
  func reference()
    throws
  {
    let run = try Tool.run(["help", "--reference"])
    let page = TestProducts.packageRoot.appending(path: "docs/commands.md")
    #expect(run.status == 0)
    #expect(run.output == (try String(contentsOf: page, encoding: .utf8)))
  }

  @Test("a configuration file stands for the same words; those of the command line win")
  func configuration() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func put(_ text: String) throws -> String {
      try text.write(toFile: folder + "/draw.json", atomically: false, encoding: .utf8)
      return folder + "/draw.json"
    }
    let path = try put(#"{"people": 7, "images": 1, "seed": 9, "jpeg": 90}"#)
    let drawn = try Tool.run([
      "data", "synthesize", "--config", path, "--people", "1", "-o", folder + "/a",
    ])
    #expect(drawn.status == 0, "\(drawn.words)")
    let words = try Tool.run([
      "data", "synthesize", "--people", "1", "--images", "1", "--seed", "9", "--jpeg", "90", "-o",
      folder + "/b",
    ])
    #expect(words.status == 0, "\(words.words)")
    #expect(try names(in: folder + "/a/person-00000") == ["000.jpg"])
    #expect(
      FileManager.default.contents(atPath: folder + "/a/attributes.csv")
        == FileManager.default.contents(atPath: folder + "/b/attributes.csv"))
    for (text, says) in [
      (#"{"peple": 1}"#, "did you mean '--people'"), (#"{"people": 0}"#, "'--people'"),
      (#"{"whole": 1}"#, "'--whole'"), (#"{"side": 64}"#, "'--whole'"),
      (#"{"people": [1, 2]}"#, "expected one"), (#"{"people": null}"#, "'people'"),
      ("people=1", "no JSON object"),
    ] {
      let run = try Tool.run(["data", "synthesize", "--config", put(text), "-o", folder + "/c"])
      #expect(run.status == 64 && run.words.contains(says), "\(text): \(run.words)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder + "/c"))
  }
}
