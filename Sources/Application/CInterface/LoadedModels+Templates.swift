import CFacewarden
import Sealing
import UseCases

extension LoadedModels {
  /// What may be asked of an enrolment.
  static let enrolmentOptions = ["aligned", "template_key"]
  /// What may be asked of an identification.
  static let identificationOptions = ["aligned", "id", "probe_landmarks", "template_key"]
  /// Templates that one identification takes.
  static let galleryCounts = 1...100_000

  /// The template of a person's pictures, as a file of the tool without its line end.
  func enrol(_ name: String, _ pictures: [PictureInput], _ options: RequestOptions) throws -> Answer
  {
    let key = try options.sealingKey("template_key")
    let faces = try pictures.enumerated().map { index, picture in
      try face(picture, name: "picture \(index + 1)", options)
    }
    let template = try door.enrol(name, faces)
    return Answer(bytes: try template.file(key: key).dropLast(), status: 0)
  }

  /// Who of some people a probe shows, if anybody.
  func identify(
    _ probe: PictureInput, _ texts: [[UInt8]], _ options: RequestOptions
  ) throws -> Answer {
    let (key, id) = (try options.sealingKey("template_key"), try options.text("id"))
    var templates: [FaceTemplate] = []
    for (index, text) in texts.enumerated() {
      do { templates.append(try FaceTemplate(file: text, key: key)) } catch {
        throw FaceGalleryError.unreadable(file: "template \(index + 1)", reason: "\(error)")
      }
    }
    let gallery = try FaceGallery(templates)
    return try Answer(door.identify(face(probe, name: "probe", options), in: gallery, id: id))
  }

  /// Takes over the pictures of a person, whose count is checked before any is read.
  static func pictures(
    _ pictures: UnsafePointer<facewarden_picture>?, count: Int
  ) throws -> [PictureInput] {
    guard let pictures else { throw Problem.malformed("'pictures' is NULL; expected an array") }
    guard FaceTemplate.pictureCounts.contains(count) else {
      throw Problem.malformed(
        "\(UInt(bitPattern: count)) pictures; expected 1 to \(FaceTemplate.pictureCounts.upperBound)"
      )
    }
    return try (0..<count).map { try PictureInput(pictures + $0, name: "picture \($0 + 1)") }
  }

  /// Takes over the texts of templates.
  static func templates(
    _ templates: UnsafePointer<UnsafePointer<CChar>?>?, count: Int
  ) throws -> [[UInt8]] {
    guard let templates else { throw Problem.malformed("'templates' is NULL; expected an array") }
    guard galleryCounts.contains(count) else {
      throw Problem.malformed(
        "\(UInt(bitPattern: count)) templates; expected 1 to \(galleryCounts.upperBound)")
    }
    return try (0..<count).map { index in
      guard let text = templates[index] else {
        throw Problem.malformed("template \(index + 1) is NULL; expected a text")
      }
      guard let bytes = CText.bytes(text, limit: FaceTemplate.longestFile) else {
        throw Problem.malformed(
          "template \(index + 1) has more than \(FaceTemplate.longestFile) bytes")
      }
      return bytes
    }
  }
}

extension RequestOptions {
  /// A key of 64 hexadecimal digits, if it is given.
  func sealingKey(_ name: String) throws(Problem) -> SealingKey? {
    guard let text = try text(name) else { return nil }
    do { return try SealingKey(hex: text) } catch { throw .malformed("'\(name)': \(error)") }
  }
}
