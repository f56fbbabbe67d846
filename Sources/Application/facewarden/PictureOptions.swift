import CommandLineArguments
import Embedders
import Faces
import Images
import Screening
import UseCases

/// Where the face of a picture is: the whole picture, by points that are given, or to be found.
struct PictureOptions: CommandSettings {
  private(set) var isAligned = false
  private(set) var landmarks: String?
  private(set) var finding = FindingOptions()

  static let settings: [Setting<Self>] =
    [
      .flag(
        "--aligned", "The pictures are faces of 128×128 pixels in the aligned frame.", \.isAligned),
      .optional(
        "--landmarks", "FILE", "A CSV with five points a picture, by file name.", \.landmarks, .text
      ),
    ] + part(\.finding)

  mutating func check(_ arguments: Arguments) throws {
    if isAligned && landmarks != nil {
      throw UsageError.conflict("'--aligned' and '--landmarks' exclude each other")
    }
    try finding.refuse(unless: !isAligned && landmarks == nil)
  }

  /// The reader of pictures and their faces.
  ///
  /// - `ownInputs`: networks from elsewhere that want the face in a frame of their own.
  func reader(_ models: ModelsFolder, ownInputs: [FaceInput] = []) throws -> FaceReader {
    var reader = FaceReader(ownInputs: ownInputs)
    if let landmarks {
      reader.table = try LandmarkTable(path: landmarks)
    } else if !isAligned {
      reader.usual = .found(try finding.finder(models))
    }
    return reader
  }
}

extension FaceReader {
  /// The aligned face of a picture in a file.
  func face(path: String) throws(Problem) -> RGBImage {
    try face(of: PictureRequest(path: path)).face
  }
}
