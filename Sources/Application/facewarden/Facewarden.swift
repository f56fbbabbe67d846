import CommandLineArguments
import Foundation
import Kernels
import UseCases

/// A command: what it is called, how it is made of arguments, and what it does.
protocol Subcommand {
  /// The description, for help and parsing.
  static var command: Command { get }
  /// Reads and checks all arguments.
  init(_ arguments: Arguments) throws
  /// Works, and returns the exit status.
  func run() throws -> Int32
}

@main
struct Facewarden {
  static let version = Release.version

  static var subcommands: [any Subcommand.Type] {
    [
      Verify.self, Enrol.self, Identify.self, Screen.self, Check.self, Serve.self, Calibrate.self,
      Embed.self,
      Reconstruct.self, Transfer.self,
      Frontalize.self, Morph.self, AttackOne.self, MakeAttackSet.self, TrainEmbedder.self,
      TrainIPGAN.self,
      TrainDetector.self, TrainQuality.self, TrainFusion.self, TrainFaceDetector.self,
      FindFaces.self, AlignPictures.self,
      EvaluateFaceDetection.self, EvaluateLFW.self, EvaluateVerification.self,
      EvaluateAttackCost.self,
      EvaluateIdentification.self, EvaluateTemplates.self, EvaluateQuality.self,
      EvaluateDetection.self,
      EvaluateAdaptive.self, EvaluateDoor.self,
      EvaluateGeneration.self,
      EvaluateReconstruction.self, EvaluateAttributes.self, EvaluateControlled.self,
      EvaluateSheets.self, ListModels.self, ImportNetwork.self, ExportNetwork.self,
      ExportHeldOut.self, InventPeople.self, SynthesizePeople.self,
    ]
  }

  private static var table: CommandTable {
    CommandTable(
      program: "facewarden",
      summary: "says whether two pictures show one person, and whether either was tampered with",
      version: version, commands: subcommands.map { $0.command.configurable })
  }

  static func main() {
    StandardStreams.prepare()
    exit(run(Array(CommandLine.arguments.dropFirst())))
  }

  /// The exit status; 64: the command line is wrong. 2: the question cannot be answered.
  private static func run(_ words: [String]) -> Int32 {
    if let reason = Compute.refusal {
      Console.error("FACEWARDEN_ISA asks for OpenBLAS, which cannot be loaded: \(reason)")
      return 2
    }
    do {
      switch try table.select(words, configuration: ConfigurationFile.read) {
      case .help(let text): try Output.write(text.hasSuffix("\n") ? text : text + "\n")
      case .version(let text): try Output.line(text)
      case .run(let command, let arguments):
        guard let type = subcommands.first(where: { $0.command.name == command.name }) else {
          preconditionFailure("the table has a command that nobody implements")
        }
        return try type.init(arguments).run()
      }
      return 0
    } catch let error as UsageError {
      Console.error("\(error); \(table.hint(for: words))")
      return 64
    } catch {
      Console.error("\(error)")
      return 2
    }
  }
}
