import AdversarialDetection
import CommandLineArguments
import FaceVerification
import Foundation
import IPGAN
import Images

/// `facewarden reconstruct`: what the network believes it sees.
struct Reconstruct: Subcommand {
  static let command = Command(
    "reconstruct", "writes x̂ = G(f_I(x), f_A(x)): the face as the network understands it",
    positionals: [Positional("PICTURE", "a picture of a face")],
    options: [SharedOptions.models] + SharedOptions.pictures + [
      .value("-o", "FILE", "The PNG to write.", isRequired: true),
      .flag("--beside", "Writes the aligned face and its reconstruction side by side."),
    ])

  private let arguments: Arguments
  private let output: String

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    output = try arguments.value("-o", .text)
    if !arguments.flag("--aligned") && arguments.text("--landmarks") == nil {
      _ = try arguments.pictureSource()
    }
  }

  func run() throws -> Int32 {
    let picture = try arguments.pictureSource().face(path: arguments.value("PICTURE", .text))
    let evidence = try FaceWarden(folder: arguments.modelsFolder).examine(picture.face).evidence
    let result =
      arguments.flag("--beside")
      ? ContactSheet.make([[picture.face, evidence.reconstruction]]) : evidence.reconstruction
    try result.writePNG(to: output)
    Console.say(
      String(format: "distance² of f_C to the picture: %.3f", evidence.identityGap))
    return 0
  }
}
