import CommandLineArguments
import Experiments
import Foundation
import Images
import Screening
import UseCases

/// What commands that make faces share: networks, input pictures, and the PNG they write.
struct SynthesisOutput {
  static func options(beside: String) -> [CommandOption] {
    IPGANSelection.one + SharedOptions.pictures + [
      .value("-o", "FILE", "The PNG to write.", isRequired: true), .flag("--beside", beside),
    ]
  }

  private let arguments: Arguments
  private let path: String

  /// Checks the options alone.
  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    path = try arguments.value("-o", .pictureToWrite)
    try IPGANSelection.check(arguments)
    try arguments.checkPictureSource()
  }

  /// The reader of pictures and their faces.
  func reader() throws -> FaceReader { try arguments.faceReader() }

  /// Reads pictures and aligns their faces.
  func faces(_ paths: [String]) throws -> [RGBImage] {
    let reader = try reader()
    return try paths.map { try reader.face(path: $0) }
  }

  /// The networks asked for.
  func selection() throws -> IPGANSelection { try IPGANSelection(arguments, withWitness: false) }

  /// Writes faces side by side.
  func write(row: [RGBImage]) throws { try ContactSheet.make([row]).writePNG(to: path) }

  /// Writes a face, after the pictures that it was made of if `--beside` is given, before `others`.
  ///
  /// Tells how far f_C finds it from the picture whose identity it has.
  func write(
    _ face: RGBImage, madeOf pictures: [RGBImage], followedBy others: [RGBImage] = [],
    identity: RGBImage, selection: IPGANSelection
  ) throws {
    try write(row: (arguments.flag("--beside") ? pictures : []) + [face] + others)
    let judge = selection.judges[0]
    let both = LabelledEmbeddings(
      [(person: "", face: identity), (person: "", face: face)], embedder: judge.embedder)
    Console.say(
      String(
        format: "distance² of \(judge.name) to the identity's picture: %.3f", both.distance(0, 1)))
  }
}
