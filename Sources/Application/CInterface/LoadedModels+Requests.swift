import FaceFinding
import Presentation
import UseCases

extension LoadedModels {
  /// What may be asked of a pair.
  static let pairOptions = [
    "aligned", "id", "probe_landmarks", "reference_landmarks", "threshold", "timings",
  ]
  /// What may be asked of a picture.
  static let pictureOptions = ["aligned", "id", "picture_landmarks"]
  /// What may be asked of a search for faces.
  static let findOptions = ["id", "minimum_face", "threshold"]

  /// The verdict on a pair.
  func verify(
    _ probe: PictureInput, _ reference: PictureInput, _ options: RequestOptions
  ) throws -> Answer {
    var request = PairRequest(
      try request(probe, name: "probe", options),
      .picture(try request(reference, name: "reference", options)), id: try options.text("id"))
    request.threshold = try options.number("threshold", in: 0...4)
    request.wantsTimings = try options.flag("timings")
    return try Answer(door.verify(request))
  }

  /// The verdict on one picture.
  func screen(_ picture: PictureInput, _ options: RequestOptions) throws -> Answer {
    let id = try options.text("id")
    return try Answer(door.screen(request(picture, name: "picture", options), id: id))
  }

  /// The embedding of one picture.
  func embed(_ picture: PictureInput, _ options: RequestOptions) throws -> Answer {
    let id = try options.text("id")
    let found = try door.embed(request(picture, name: "picture", options), id: id)
    return try Answer(found, floats: found.embedding)
  }

  /// x̂ of a picture.
  func reconstruct(_ picture: PictureInput, _ options: RequestOptions) throws -> Answer {
    let id = try options.text("id")
    let made = try door.reconstruct(request(picture, name: "picture", options), id: id)
    return try Answer(made, picture: made.image)
  }

  /// The face in the aligned frame.
  func align(_ picture: PictureInput, _ options: RequestOptions) throws -> Answer {
    let id = try options.text("id")
    let made = try door.align(request(picture, name: "picture", options), id: id)
    return try Answer(made, picture: made.image)
  }

  /// All faces of a picture.
  func find(_ picture: PictureInput, _ options: RequestOptions) throws -> Answer {
    let id = try options.text("id")
    let find = FindAllFaces(try faceFinder().detector, reader: door.reader)
    return try Answer(
      find(
        picture.request(name: "picture"),
        minimumFace: options.number("minimum_face", in: 1...10_000),
        threshold: options.number("threshold", in: 0...1), id: id))
  }
}
