import Attacks
import Embedders
import FaceFinding
import KernelSupport
import ModelStore
import Reconstruction
import Screening
import UseCases

/// The models behind a handle.
final class LoadedModels: Sendable {
  /// What may be asked at the opening.
  static let options = ["bpcer", "face", "fmr", "minimum_face", "threads", "threshold"]

  /// The use cases.
  let door: Door
  /// What the distances² of f_C depend on, and of the networks that decide at the door.
  let victimSum, decidingSum: String
  /// What finds faces; the error if the folder has none.
  private let finder: Result<FaceFinder, any Error>

  /// Loads the models of a folder.
  init(folder: String, _ options: RequestOptions) throws {
    let threshold = try options.number("threshold", in: 0...4)
    let fmr = try options.number("fmr", in: OperatingPointName.rates)
    let bpcer = try options.number("bpcer", in: OperatingPointName.rates)
    guard threshold == nil || fmr == nil else {
      throw Problem.malformed("'threshold' and 'fmr' exclude each other")
    }
    var choice = FaceChoice.clear
    if let name = try options.text("face") {
      guard let named = FaceChoice(rawValue: name) else {
        throw Problem.malformed("'face' is none of clear, only, largest")
      }
      choice = named
    }
    let minimumFace = try options.number("minimum_face", in: 16...10_000)
    let threads = try options.integer("threads", in: 1...1024)
    do {
      let warden = try FaceWarden(
        folder: folder,
        fmr: fmr.map { OperatingPointName.make("fmr", $0) }
          ?? FaceWarden.defaultPoints.verification,
        threshold: threshold, bpcer: bpcer.map { OperatingPointName.make("bpcer", $0) })
      let manifest = try ModelManifest(folder: folder)
      victimSum = try manifest.distanceIdentity()
      decidingSum = try manifest.distanceIdentity(of: warden.deciding.modelName)
      finder = Result {
        FaceFinder(
          try FaceDetector(of: manifest, folder: folder), choice: choice, minimumFace: minimumFace)
      }
      door = Door(warden)
    } catch {
      throw Self.unusable(error)
    }
    if let threads { WorkerPool.shared.ceiling = threads }
  }

  /// Models that cannot be used.
  private static func unusable(_ error: any Error) -> Problem {
    Problem(500, "no_models", "The models cannot be used", "\(error)")
  }

  /// What finds faces.
  func faceFinder() throws -> FaceFinder {
    do { return try finder.get() } catch { throw Self.unusable(error) }
  }

  /// A picture's face, where the options say that it is.
  func face(_ picture: PictureInput, name: String, _ options: RequestOptions) throws -> FacePicture
  { try door.reader.face(of: request(picture, name: name, options)) }

  /// A picture, with its face where the options say that it is.
  func request(
    _ picture: PictureInput, name: String, _ options: RequestOptions
  ) throws -> PictureRequest {
    let place: FacePlace =
      switch try options.place(of: name) {
      case .aligned: .aligned
      case .given(let landmarks): .given(landmarks)
      case nil: .found(try faceFinder())
      }
    return picture.request(name: name, place: place)
  }

  /// What is told of loaded models.
  private struct Description: Encodable {
    struct Points: Encodable { let verification, detection, pairs: OperatingPoint }
    let models: [Verdict.Model]
    let points: Points
  }

  /// Names, checksums and thresholds.
  func description() throws -> Answer {
    let warden = door.warden
    return try Answer(
      Description(
        models: warden.models,
        points: .init(
          verification: warden.verificationPoint, detection: warden.detectionPoint,
          pairs: warden.pairPoint)), status: 0)
  }
}
