public import CFacewarden
import Glibc
import Images
import Locks
import Presentation
import Screening
import UseCases

// The functions of facewarden.h, where they are described.

private let opened = HandleTable<LoadedModels>()
private let answers = HandleTable<Answer>()
/// The process whose threads the pool has; 0 before there are any.
private let owner = Guarded(pid_t(0))

/// Texts that C may keep.
///
/// Unchecked: nobody writes them.
nonisolated(unsafe) private let version = lasting(Release.version)
nonisolated(unsafe) private let empty = lasting("")

/// Copies a text to memory that is never freed.
private func lasting(_ text: String) -> UnsafePointer<CChar> {
  let bytes = Array(text.utf8CString)
  let memory = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
  memory.update(from: bytes, count: bytes.count)
  return UnsafePointer(memory)
}

/// Refuses a process that lost its threads in a fork.
private func checkProcess() throws(Problem) {
  let own = getpid()
  let isOwner = owner.withLock { owner in
    if owner == 0 { owner = own }
    return owner == own
  }
  guard isOwner else {
    throw Problem(
      500, "other_process", "The models were opened by another process",
      "this process was forked from one that had opened models; open them in one process alone")
  }
}

/// The models of a handle.
private func models(_ door: OpaquePointer?) throws(Problem) -> LoadedModels {
  guard let door else { throw .malformed("the handle is NULL; expected one that is open") }
  guard let found = opened[door] else {
    throw Problem(
      500, "not_open", "The handle is not open", "the handle is closed, or none of this process")
  }
  try checkProcess()
  return found
}

/// Keeps the answer of a request, or of its failure.
private func answer(
  failing: (Problem) -> any Presentable = Failure.init, _ request: () throws -> Answer
) -> OpaquePointer? {
  do {
    return answers.add(try request())
  } catch {
    // What went wrong with the models or the machine is for whoever runs this process.
    let problem = Problem(error).told
    return answers.add((try? Answer(failing(problem))) ?? Answer())
  }
}

@_cdecl("facewarden_interface")
public func facewardenInterface() -> Int32 { FACEWARDEN_INTERFACE }

@_cdecl("facewarden_version")
public func facewardenVersion() -> UnsafePointer<CChar> { version }

@_cdecl("facewarden_open")
public func facewardenOpen(
  _ folder: UnsafePointer<CChar>?, _ options: UnsafePointer<CChar>?,
  _ door: UnsafeMutablePointer<OpaquePointer?>?
) -> OpaquePointer? {
  door?.pointee = nil
  return answer {
    guard let door else {
      throw Problem.malformed("'opened' is NULL; expected where the handle goes")
    }
    guard let folder = folder.flatMap(CText.path) else {
      throw Problem.malformed("'models' is no UTF-8 of 1 to 4096 bytes; expected a folder's path")
    }
    let options = try RequestOptions(options, known: LoadedModels.options)
    try checkProcess()
    let models = try LoadedModels(folder: folder, options)
    let description = try models.description()
    door.pointee = opened.add(models)
    return description
  }
}

@_cdecl("facewarden_close")
public func facewardenClose(_ door: OpaquePointer?) { opened.remove(door) }

@_cdecl("facewarden_verify")
public func facewardenVerify(
  _ door: OpaquePointer?, _ probe: UnsafePointer<facewarden_picture>?,
  _ reference: UnsafePointer<facewarden_picture>?, _ options: UnsafePointer<CChar>?
) -> OpaquePointer? {
  answer(failing: { Verdict.undecided($0.detail, code: $0.code) }) {
    let models = try models(door)
    return try models.verify(
      PictureInput(probe, name: "probe"), PictureInput(reference, name: "reference"),
      RequestOptions(options, known: LoadedModels.pairOptions))
  }
}

@_cdecl("facewarden_enrol")
public func facewardenEnrol(
  _ door: OpaquePointer?, _ name: UnsafePointer<CChar>?,
  _ pictures: UnsafePointer<facewarden_picture>?, _ pictureCount: Int,
  _ options: UnsafePointer<CChar>?
) -> OpaquePointer? {
  answer {
    let models = try models(door)
    guard let name = name.flatMap({ CText.name($0) }) else {
      throw Problem.malformed("'name' is no UTF-8 of 1 to \(FaceTemplate.longestName) bytes")
    }
    return try models.enrol(
      name, LoadedModels.pictures(pictures, count: pictureCount),
      RequestOptions(options, known: LoadedModels.enrolmentOptions))
  }
}

@_cdecl("facewarden_identify")
public func facewardenIdentify(
  _ door: OpaquePointer?, _ probe: UnsafePointer<facewarden_picture>?,
  _ templates: UnsafePointer<UnsafePointer<CChar>?>?, _ templateCount: Int,
  _ options: UnsafePointer<CChar>?
) -> OpaquePointer? {
  answer(failing: { Verdict.undecided($0.detail, code: $0.code) }) {
    let models = try models(door)
    return try models.identify(
      PictureInput(probe, name: "probe"),
      LoadedModels.templates(templates, count: templateCount),
      RequestOptions(options, known: LoadedModels.identificationOptions))
  }
}

@_cdecl("facewarden_screen")
public func facewardenScreen(
  _ door: OpaquePointer?, _ picture: UnsafePointer<facewarden_picture>?,
  _ options: UnsafePointer<CChar>?
) -> OpaquePointer? {
  answer(failing: { PictureVerdict.undecided($0) }) {
    let models = try models(door)
    return try models.screen(
      PictureInput(picture, name: "picture"),
      RequestOptions(options, known: LoadedModels.pictureOptions))
  }
}

@_cdecl("facewarden_embed")
public func facewardenEmbed(
  _ door: OpaquePointer?, _ picture: UnsafePointer<facewarden_picture>?,
  _ options: UnsafePointer<CChar>?
) -> OpaquePointer? {
  answer(failing: { PictureEmbedding.undecided($0) }) {
    let models = try models(door)
    return try models.embed(
      PictureInput(picture, name: "picture"),
      RequestOptions(options, known: LoadedModels.pictureOptions))
  }
}

@_cdecl("facewarden_reconstruct")
public func facewardenReconstruct(
  _ door: OpaquePointer?, _ picture: UnsafePointer<facewarden_picture>?,
  _ options: UnsafePointer<CChar>?
) -> OpaquePointer? {
  answer {
    let models = try models(door)
    return try models.reconstruct(
      PictureInput(picture, name: "picture"),
      RequestOptions(options, known: LoadedModels.pictureOptions))
  }
}

@_cdecl("facewarden_align")
public func facewardenAlign(
  _ door: OpaquePointer?, _ picture: UnsafePointer<facewarden_picture>?,
  _ options: UnsafePointer<CChar>?
) -> OpaquePointer? {
  answer {
    let models = try models(door)
    return try models.align(
      PictureInput(picture, name: "picture"),
      RequestOptions(options, known: LoadedModels.pictureOptions))
  }
}

/// What is told of a picture that was decoded.
private struct Decoded: Encodable { let width, height: Int }

@_cdecl("facewarden_decode")
public func facewardenDecode(_ picture: UnsafePointer<facewarden_picture>?) -> OpaquePointer? {
  answer {
    let request = try PictureInput(picture, name: "picture").request(name: "picture")
    return try FaceReader().withImage(of: request) { image in
      try Answer(Decoded(width: image.width, height: image.height), status: 0, picture: image)
    }
  }
}

@_cdecl("facewarden_find")
public func facewardenFind(
  _ door: OpaquePointer?, _ picture: UnsafePointer<facewarden_picture>?,
  _ options: UnsafePointer<CChar>?
) -> OpaquePointer? {
  answer {
    let models = try models(door)
    return try models.find(
      PictureInput(picture, name: "picture"),
      RequestOptions(options, known: LoadedModels.findOptions))
  }
}

@_cdecl("facewarden_attack")
public func facewardenAttack(
  _ door: OpaquePointer?, _ probe: UnsafePointer<facewarden_picture>?,
  _ target: UnsafePointer<facewarden_picture>?, _ options: UnsafePointer<CChar>?
) -> OpaquePointer? {
  answer {
    let models = try models(door)
    return try models.attack(
      PictureInput(probe, name: "probe"), PictureInput(target, name: "target"),
      RequestOptions(options, known: LoadedModels.attackOptions))
  }
}

/// What is told of distances, which lie elsewhere.
private struct Distances: Encodable { let faces: Int }

@_cdecl("facewarden_distances")
public func facewardenDistances(
  _ door: OpaquePointer?, _ faces: UnsafePointer<Float>?, _ faceCount: Int,
  _ embeddings: UnsafePointer<Float>?, _ embeddingCount: Int, _ width: Int,
  _ distances: UnsafeMutablePointer<Float>?, _ gradients: UnsafeMutablePointer<Float>?
) -> OpaquePointer? {
  answer {
    let door = try models(door).door
    guard let faces, let embeddings, let distances else {
      throw Problem.malformed("faces, embeddings and distances must not be NULL")
    }
    // Sizes that C has without a sign come as negative numbers if they are absurd.
    guard Door.distanceCounts.contains(faceCount) else {
      throw Problem.malformed(
        "\(UInt(bitPattern: faceCount)) faces; expected 1 to \(Door.distanceCounts.upperBound)")
    }
    guard width == door.embeddingWidth else {
      throw Problem.malformed(
        "embeddings of \(UInt(bitPattern: width)) numbers; expected \(door.embeddingWidth)")
    }
    guard embeddingCount == 1 || embeddingCount == faceCount else {
      throw Problem.malformed(
        "\(UInt(bitPattern: embeddingCount)) embeddings for \(faceCount) faces; expected one, or one each"
      )
    }
    let found = try door.distances(
      of: UnsafeBufferPointer(start: faces, count: faceCount * Door.faceNumbers),
      to: UnsafeBufferPointer(start: embeddings, count: embeddingCount * width),
      wantsGradients: gradients != nil)
    let answer = try Answer(Distances(faces: faceCount), status: 0)
    distances.update(from: found.distances, count: found.distances.count)
    gradients?.update(from: found.gradients, count: found.gradients.count)
    return answer
  }
}

@_cdecl("facewarden_answer_status")
public func facewardenAnswerStatus(_ answer: OpaquePointer?) -> Int32 {
  answers[answer]?.status ?? 2
}

@_cdecl("facewarden_answer_json")
public func facewardenAnswerJSON(_ answer: OpaquePointer?) -> UnsafePointer<CChar>? {
  answers[answer]?.json.baseAddress.map { UnsafePointer($0) } ?? empty
}

@_cdecl("facewarden_answer_floats")
public func facewardenAnswerFloats(
  _ answer: OpaquePointer?, _ count: UnsafeMutablePointer<Int>?
) -> UnsafePointer<Float>? {
  let floats = answers[answer]?.floats
  count?.pointee = floats?.count ?? 0
  return floats?.baseAddress.map { UnsafePointer($0) }
}

@_cdecl("facewarden_answer_pixels")
public func facewardenAnswerPixels(
  _ answer: OpaquePointer?, _ width: UnsafeMutablePointer<Int>?,
  _ height: UnsafeMutablePointer<Int>?
) -> UnsafePointer<UInt8>? {
  let found = answers[answer]
  width?.pointee = found?.width ?? 0
  height?.pointee = found?.height ?? 0
  return found?.pixels?.baseAddress.map { UnsafePointer($0) }
}

@_cdecl("facewarden_answer_free")
public func facewardenAnswerFree(_ answer: OpaquePointer?) { answers.remove(answer) }
