import CommandLineArguments
import Experiments
import Foundation
import Images
import Screening
import UseCases

/// What commands that make faces share: networks, input pictures, and the PNG they write.
struct SynthesisOutput: CommandSettings {
  private var networks = IPGANSelection.One()
  private var pictures = PictureOptions()
  private var path = ""
  /// Whether the pictures that something is made of are written, too.
  private(set) var isBeside = false

  /// The declarations but that of `--beside`, whose help is each command's own.
  static let settings: [Setting<Self>] =
    part(\.networks) + part(\.pictures) + [
      .required("-o", "FILE", "The PNG to write.", \.path, .pictureToWrite)
    ]

  /// The declaration of `--beside`.
  static func beside(_ help: String) -> Setting<Self> { .flag("--beside", help, \.isBeside) }

  /// The reader of pictures and their faces.
  func reader() throws -> FaceReader { try pictures.reader(networks.models) }

  /// Reads pictures and aligns their faces.
  func faces(_ paths: [String]) throws -> [RGBImage] {
    let reader = try reader()
    return try paths.map { try reader.face(path: $0) }
  }

  /// The networks asked for.
  func selection() throws -> IPGANSelection { try networks.load(withWitness: false) }

  /// Writes faces side by side.
  func write(row: [RGBImage]) throws { try ContactSheet.make([row]).writePNG(to: path) }

  /// Writes a face, after the pictures that it was made of if `--beside` is given, before `others`.
  ///
  /// Tells how far f_C finds it from the picture whose identity it has.
  func write(
    _ face: RGBImage, madeOf made: [RGBImage], followedBy others: [RGBImage] = [],
    identity: RGBImage, selection: IPGANSelection
  ) throws {
    try write(row: (isBeside ? made : []) + [face] + others)
    let judge = selection.judges[0]
    let both = LabelledEmbeddings(
      [(person: "", face: identity), (person: "", face: face)], embedder: judge.embedder)
    Console.say(
      String(
        format: "distance² of \(judge.name) to the identity's picture: %.3f", both.distance(0, 1)))
  }
}
