import FaceFinding
import Images
import Screening
import UseCases

extension LoadedModels {
  /// What may be asked of a pair.
  static let pairOptions = [
    "aligned", "id", "probe_landmarks", "reference_landmarks", "threshold", "timings",
  ]
  /// What may be asked of a picture.
  static let pictureOptions = ["aligned", "id", "picture_landmarks"]
  /// What may be asked of a search for faces.
  static let findOptions = ["minimum_face", "threshold"]

  /// The verdict on a pair.
  func verify(
    _ probe: PictureInput, _ reference: PictureInput, _ options: RequestOptions
  ) throws -> Answer {
    let threshold = try options.number("threshold", in: 0...4)
    let (id, isTimed) = (try options.text("id"), try options.flag("timings"))
    let start = ContinuousClock.now
    let faces = (
      try face(probe, name: "probe", options), try face(reference, name: "reference", options)
    )
    let decoded = ContinuousClock.now
    var verdict = door.verify(faces.0, faces.1, threshold: threshold, id: id)
    if isTimed {
      verdict.timings = [
        "decode": (decoded - start) / .milliseconds(1),
        "examine": (ContinuousClock.now - decoded) / .milliseconds(1),
      ]
    }
    return try Answer(verdict, status: verdict.exitCode)
  }

  /// The verdict on one picture.
  func screen(_ picture: PictureInput, _ options: RequestOptions) throws -> Answer {
    let id = try options.text("id")
    let verdict = door.screen(try face(picture, name: "picture", options), id: id)
    return try Answer(verdict, status: verdict.exitCode)
  }

  /// The embedding of one picture.
  func embed(_ picture: PictureInput, _ options: RequestOptions) throws -> Answer {
    let id = try options.text("id")
    let found = try door.embed(try face(picture, name: "picture", options), id: id)
    return try Answer(found, status: found.exitCode, floats: found.embedding)
  }

  /// x̂ of a picture.
  func reconstruct(_ picture: PictureInput, _ options: RequestOptions) throws -> Answer {
    try made(of: picture, options) { door.reconstruct($0) }
  }

  /// The face in the aligned frame.
  func align(_ picture: PictureInput, _ options: RequestOptions) throws -> Answer {
    try made(of: picture, options) { $0.face }
  }

  /// What is told of a picture that was made of another.
  private struct Made: Encodable {
    let id: String?
    let width, height: Int
    let picture: Verdict.Picture
  }

  private func made(
    of picture: PictureInput, _ options: RequestOptions, _ make: (FacePicture) -> RGBImage
  ) throws -> Answer {
    let id = try options.text("id")
    let face = try face(picture, name: "picture", options)
    let made = make(face)
    return try Answer(
      Made(id: id, width: made.width, height: made.height, picture: face.file), status: 0,
      picture: made)
  }

  /// All faces of a picture.
  func find(_ picture: PictureInput, _ options: RequestOptions) throws -> Answer {
    let minimumFace = try options.number("minimum_face", in: 1...10_000)
    var detector = try faceFinder().detector
    if let threshold = try options.number("threshold", in: 0...1) { detector.threshold = threshold }
    let memory = FaceFinder(detector, minimumFace: minimumFace).bytesPerPixel
    var faces = PictureFaces(picture: picture.path)
    try picture.withImage(name: "picture", bytesPerPixel: memory) {
      faces.find(in: $0, by: detector, minimumFace: minimumFace)
    }
    return try Answer(faces, status: 0)
  }
}
