import CommandLineArguments
import Files
import Foundation
import HTTPServer
import ModelStore
import Screening
import ScreeningService
import Images
import UseCases

/// `facewarden serve`: verdicts over HTTP.
struct Serve: Subcommand, CommandSettings {
  static let command = Command(
    "serve", "answers over HTTP: verdicts, screening, reconstructions, a page for people",
    discussion: """
      POST /v1/verify, /v1/templates, /v1/screen, /v1/embed, /v1/find, /v1/align, /v1/reconstruct; GET \
      /v1/models, /livez, /readyz, /metrics, /openapi.json, and a page at /. Listens on this machine alone unless told otherwise. SIGTERM \
      finishes the requests at hand and ends with status 0. SIGHUP opens the log anew and reads the \
      keys and the site's calibration again.
      """,
    options: options)

  private var models = ModelsFolder()
  private var thresholds = ThresholdOptions()
  private var isAligned = false
  private var key = TemplateKey()
  private var finding = FindingOptions()
  private var service = ServeSettings()

  static let settings: [Setting<Self>] =
    part(\.models) + part(\.thresholds) + [
      .flag(
        "--aligned", "Pictures are aligned faces unless landmarks come with them.", \.isAligned)
    ] + part(\.key) + part(\.finding) + part(\.service)

  mutating func check(_ arguments: Arguments) throws { try finding.refuse(unless: !isAligned) }

  func run() throws -> Int32 {
    Interruption.observe()
    Interruption.observeHangup()
    let log = try LogFile(path: self.service.logPath)
    let warden = try thresholds.uncalibratedWarden(models)
    let service = VerdictService(
      try thresholds.calibrated(warden, models),
      reader: FaceReader(
        usual: isAligned ? .aligned : .found(try finding.finder(models)),
        limits: self.service.limits), allowsThreshold: self.service.allowsThreshold,
      templateKey: try key.key())
    PictureMemory.shared.limit = self.service.pictureMemory
    let manifest = try ModelManifest(folder: models.path)
    let unknown = try service.selfTest(manifest)
    try MemoryNeed(self.service, place: service.place, modelBytes: MemoryNeed.residentBytes).check(
      limit: MemoryLimit.ofThisProcess)
    let responder = ServiceResponder(
      service, manifest: manifest, keys: self.service.keys, origins: self.service.origins,
      version: Facewarden.version, log: { log.write($0) })
    let server = try HTTPServer(self.service.server, handler: responder)
    responder.observe { [weak server] in (server?.queueDepth ?? 0, server?.connectionCount ?? 0) }
    for model in unknown {
      responder.note(
        "self-test", ["model": model, "reason": "the manifest keeps no numbers to compare with"])
    }
    let scheme = self.service.server.tls == nil ? "http" : "https"
    let address = self.service.server.address
    let host = address.contains(":") ? "[\(address)]" : address
    responder.note(
      "ready", ["url": "\(scheme)://\(host):\(server.port)/", "version": Facewarden.version])
    while !Interruption.isRequested {
      if Interruption.takeHangup() { reload(log, responder, warden) }
      usleep(50_000)
    }
    responder.note("stopping")
    responder.stop()
    server.stop(within: self.service.drainSeconds)
    responder.note("stopped")
    responder.closeLog()
    return 0
  }

  /// Opens the log anew and reads the keys and the calibration again; what cannot be had stays as it was,
  /// and is told.
  private func reload(_ log: LogFile, _ responder: ServiceResponder, _ warden: FaceWarden) {
    func attempt(_ what: String, _ work: () throws -> Void) {
      do {
        try work()
      } catch {
        responder.note("reload_failed", ["what": what, "error": "\(error)"])
      }
    }
    attempt("log", log.reopen)
    if let path = self.service.keysPath {
      attempt("keys") { responder.use(try ServeSettings.keys(path: path)) }
    }
    attempt("calibration") { responder.use(try thresholds.calibrated(warden, models)) }
    responder.note("reloaded", self.service.keysPath.map { ["keys": $0] } ?? [:])
  }
}

/// The file that the log is appended to, or standard error.
final class LogFile: Sendable {
  private let path: String?
  private let descriptor: Int32

  init(path: String?) throws {
    self.path = path
    descriptor = try path.map(Self.open) ?? STDERR_FILENO
  }

  private static func open(_ path: String) throws -> Int32 {
    let descriptor = Foundation.open(
      path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o640)
    guard descriptor >= 0 else {
      throw FileError.unwritable(path: path, reason: String(cString: strerror(errno)))
    }
    return descriptor
  }

  /// Goes on in the file that has the path now: the old one may have been moved away.
  ///
  /// The descriptor keeps its number, so a line that is being written goes into one file or the other.
  func reopen() throws {
    guard let path else { return }
    let new = try Self.open(path)
    defer { close(new) }
    guard dup2(new, descriptor) >= 0, fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else {
      throw FileError.unwritable(path: path, reason: String(cString: strerror(errno)))
    }
  }

  /// Writes a line; false if there is no room for it.
  func write(_ line: [UInt8]) -> Bool {
    let count = line.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
    return count == line.count
  }
}
