public import FaceFinding
private import Images

/// The use case of finding: all faces of a picture, the surest first.
public struct FindAllFaces: Sendable {
  /// The networks.
  public let detector: FaceDetector
  /// The reader of pictures.
  public let reader: FaceReader

  /// Creates the use case.
  public init(_ detector: FaceDetector, reader: FaceReader = FaceReader()) {
    (self.detector, self.reader) = (detector, reader)
  }

  /// Finds the faces of a picture; none is no error.
  ///
  /// - Parameters:
  ///   - request: the picture.
  ///   - minimumFace: the smallest box told of, in pixels; the detector's own if nil.
  ///   - threshold: the score from which a find counts, 0…1; the detector's own if nil.
  ///   - wantsTimings: whether the answer has milliseconds.
  ///   - id: the name that the caller gave the request.
  /// - Returns: the faces.
  /// - Throws: ``Problem`` where the picture cannot be read.
  public func callAsFunction(
    _ request: PictureRequest, minimumFace: Double? = nil, threshold: Double? = nil,
    wantsTimings: Bool = false, id: String? = nil
  ) throws(Problem) -> PictureFaces {
    var detector = detector
    if let threshold { detector.threshold = threshold }
    let start = ContinuousClock.now
    let memory = FaceFinder(detector, minimumFace: minimumFace).bytesPerPixel
    return try reader.withImage(of: request, bytesPerPixel: memory) { image in
      let decoded = ContinuousClock.now
      var answer = PictureFaces(id: id, width: image.width, height: image.height)
      // The search finds what is a little smaller, too.
      answer.faces = detector.faces(in: image, minimumFace: minimumFace)
        .filter { $0.box.width >= minimumFace ?? 0 }.map { PictureFaces.Face($0) }
      if wantsTimings {
        answer.timings = [
          "decode": (decoded - start) / .milliseconds(1),
          "find": (ContinuousClock.now - decoded) / .milliseconds(1),
        ]
      }
      return answer
    }
  }
}
