private import Embedders
private import FaceFinding
private import Reconstruction
public import Screening

extension Door {
  /// Verifies a pair and screens its pictures.
  ///
  /// - Throws: ``Problem`` where a picture or a template cannot be used.
  public func verify(_ request: PairRequest) throws(Problem) -> Verdict {
    let start = ContinuousClock.now
    let probe = try reader.face(of: request.probe)
    let decoded: ContinuousClock.Instant
    var verdict: Verdict
    switch request.claim {
    case .picture(let reference):
      let reference = try reader.face(of: reference)
      decoded = .now
      verdict = verify(probe, reference, threshold: request.threshold, id: request.id)
    case .template(let bytes, let key):
      do {
        let template = try FaceTemplate(file: bytes, key: key)
        decoded = .now
        verdict = try verify(probe, template, threshold: request.threshold, id: request.id)
      } catch {
        throw Problem(error)
      }
    }
    if request.wantsTimings {
      verdict.timings = [
        "decode": (decoded - start) / .milliseconds(1),
        "examine": (ContinuousClock.now - decoded) / .milliseconds(1),
      ]
    }
    return verdict
  }

  /// Screens a picture for tampering.
  public func screen(
    _ request: PictureRequest, id: String? = nil
  ) throws(Problem) -> PictureVerdict { screen(try reader.face(of: request), id: id) }

  /// Embeds the face of a picture by f_C.
  public func embed(
    _ request: PictureRequest, id: String? = nil
  ) throws(Problem) -> PictureEmbedding {
    let name = FaceEmbedder.modelName
    return try EmbedFace(
      warden.screen.extractor.reconstructor.embedder, model: name,
      sha256: warden.models.first { $0.name == name }?.sha256, reader: reader)(request, id: id)
  }

  /// Reconstructs the face of a picture.
  public func reconstruct(
    _ request: PictureRequest, view: ReconstructFace.View = .reconstruction, id: String? = nil
  ) throws(Problem) -> MadePicture {
    try ReconstructFace(warden.screen.extractor.reconstructor, reader: reader)(
      request, view: view, id: id)
  }

  /// Aligns the face of a picture.
  public func align(
    _ request: PictureRequest, id: String? = nil
  ) throws(Problem) -> MadePicture { try AlignFace(reader)(request, id: id) }

  /// Finds all faces of a picture.
  ///
  /// - Throws: ``Problem``, with the code `no_face_detector` where pictures are aligned faces already.
  public func find(
    _ request: PictureRequest, minimumFace: Double? = nil, threshold: Double? = nil,
    wantsTimings: Bool = false, id: String? = nil
  ) throws(Problem) -> PictureFaces {
    guard let finder = reader.finder else { throw .noFaceDetector }
    return try FindAllFaces(finder.detector, reader: reader)(
      request, minimumFace: minimumFace, threshold: threshold, wantsTimings: wantsTimings, id: id)
  }
}

extension Problem {
  /// Nothing finds faces here.
  static var noFaceDetector: Problem {
    Problem(
      501, "no_face_detector", "No face detector is loaded",
      "this was started for aligned faces, without the face detector")
  }
}
