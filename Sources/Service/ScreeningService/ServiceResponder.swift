private import Foundation
public import HTTPServer
private import Images
private import JSON
private import Locks
public import ModelStore
private import Presentation
public import Screening
private import Synchronization
internal import UseCases

/// Answers HTTP requests: a function from bytes to bytes, without a socket.
public final class ServiceResponder: HTTPHandler {
  private let current: Guarded<VerdictService>
  let metrics = ServiceMetrics()
  private let keys: Guarded<APIKeys?>
  private let origins: AllowedOrigins
  private let version: String
  private let manifest: ModelManifest
  private let log: ServiceLog
  private let isStopping = Atomic<Bool>(false)
  /// What is measured at the moment of a question: depth of the queue, connections.
  private let gauges = Guarded<@Sendable () -> (queue: Int, connections: Int)>({ (0, 0) })

  /// Creates a responder.
  ///
  /// - `keys`: the keys that are asked for; none asks for no key.
  /// - `origins`: whose pages may ask from a browser.
  /// - `log`: writes a line of the log; false if it cannot.
  public init(
    _ service: VerdictService, manifest: ModelManifest, keys: APIKeys?,
    origins: AllowedOrigins = AllowedOrigins(), version: String,
    log: @escaping @Sendable ([UInt8]) -> Bool
  ) {
    current = Guarded(service)
    self.manifest = manifest
    self.keys = Guarded(keys)
    (self.origins, self.version) = (origins, version)
    let metrics = metrics
    self.log = ServiceLog(write: log) { metrics.countLostLogLine() }
  }

  /// Has the metrics tell of the server.
  public func observe(_ gauges: @escaping @Sendable () -> (queue: Int, connections: Int)) {
    self.gauges.withLock { $0 = gauges }
  }

  /// The answers' models, with the operating points of the moment.
  var service: VerdictService { current.withLock { $0 } }

  /// Decides by other operating points of the same models from the next request on.
  public func use(_ warden: FaceWarden) {
    current.withLock { service in
      guard service.warden.calibration != warden.calibration else { return }
      service = service.with(warden)
    }
  }

  /// Asks for other keys from the next request on.
  public func use(_ keys: APIKeys) { self.keys.withLock { $0 = keys } }

  /// The keys that are asked for at the moment.
  private var currentKeys: APIKeys? { keys.withLock { $0 } }

  /// From now on the service is not ready.
  public func stop() { isStopping.store(true, ordering: .sequentiallyConsistent) }

  /// Adds a line to the log.
  public func note(_ event: String, _ words: [String: String] = [:]) {
    log.add(words.merging(["event": event]) { $1 })
  }

  /// Writes the rest of the log.
  public func closeLog() { log.close() }

  public func refusal(of head: HTTPRequestHead) -> HTTPResponse? {
    if var permission = origins.permission(for: head) {
      decorate(&permission, head)
      return permission
    }
    do throws(Problem) {
      try check(head)
      return nil
    } catch {
      return response(error, head)
    }
  }

  public func isImmediate(_ head: HTTPRequestHead) -> Bool {
    ServiceRoute(rawValue: head.path)?.isWork != true
  }

  /// Everything that the head tells.
  private func check(_ head: HTTPRequestHead) throws(Problem) {
    guard let route = ServiceRoute(rawValue: head.path) else { throw .notFound }
    guard route.methods.contains(head.method) else {
      throw .notAllowed(route.methods.joined(separator: ", "))
    }
    if route.needsKey, let keys = currentKeys {
      guard let key = APIKeys.presented(head.fields), keys.holder(of: key) != nil else {
        throw .unauthorized
      }
    }
    if let other = head.query.keys.filter({ !route.parameters.contains($0) }).min() {
      throw .malformed("unknown parameter '\(other.prefix(40))' of the query")
    }
    if route.isWork, !route.types.contains(ServiceRoute.type(of: head)) {
      throw .unsupportedType("expected a body of type \(route.types.joined(separator: ", "))")
    }
  }

  public func response(to request: HTTPRequest) -> HTTPResponse {
    let head = request.head
    do {
      try check(head)
      guard let route = ServiceRoute(rawValue: head.path) else { throw Problem.notFound }
      var response = try answer(route, request)
      decorate(&response, head)
      return response
    } catch {
      let problem = Problem(error)
      if problem.status == 500 {
        note(
          "failure",
          ["request_id": RequestIdentifier.of(head), "error": problem.cause ?? "\(error)"])
      }
      return response(problem, head)
    }
  }

  public func response(to refusal: HTTPRefusal, of head: HTTPRequestHead) -> HTTPResponse {
    let problem =
      switch refusal {
      case .bodyTooLong(let limit): Problem.bodyTooLarge(limit: limit)
      case .malformed(let reason): Problem.malformed(reason)
      case .overloaded:
        Problem.unavailable("overloaded", "too many requests wait; try again later")
      case .deadline(let seconds): Problem.deadline(seconds)
      case .stopping: Problem.unavailable("stopping", "the service is being stopped")
      }
    return response(problem, head)
  }

  private func answer(_ route: ServiceRoute, _ request: HTTPRequest) throws -> HTTPResponse {
    switch route {
    case .verify:
      let verdict = try service.verdict(on: members(request))
      metrics.count(verdict)
      return .json(try verdict.json())
    case .screen: return .json(try service.screening(of: members(request)).json())
    case .embed: return .json(try service.embedding(of: members(request)).json())
    case .find: return .json(try service.faces(of: members(request)).json())
    case .align: return try picture(service.aligned(members(request)))
    case .reconstruct:
      guard
        let view = ReconstructFace.View(rawValue: request.head.query["view"] ?? "reconstruction")
      else {
        throw Problem.malformed(
          "the parameter 'view' is neither 'reconstruction' nor 'disagreement'")
      }
      return try picture(service.reconstruction(of: members(request), view: view))
    case .templates: return .json(try service.template(of: members(request)))
    case .models: return .json(try JSONText.bytes(of: ["models": manifest.models]))
    case .live: return .json(Array(#"{"status":"live"}"#.utf8))
    case .ready:
      guard !isStopping.load(ordering: .relaxed) else {
        throw Problem.unavailable("stopping", "the service is being stopped")
      }
      return .json(Array(#"{"status":"ready"}"#.utf8))
    case .metrics: return .of("text/plain; version=0.0.4; charset=utf-8", Array(metricsText.utf8))
    case .openAPI:
      return .json(
        OpenAPIDocument.bytes(
          version: version, needsKey: currentKeys != nil, allowsThreshold: service.allowsThreshold))
    case .page: return ServicePage.response
    }
  }

  private func picture(_ made: MadePicture) throws -> HTTPResponse {
    guard let image = made.image else { throw Problem.internalError }
    return .of("image/png", try image.pngData())
  }

  private var metricsText: String {
    let (queue, connections) = gauges.withLock { $0 }()
    let warden = service.warden
    return metrics.text(
      version: version, models: warden.models, calibration: warden.calibration,
      gauges: [
        ("facewarden_queue_depth", "Requests that wait for a thread.", Double(queue)),
        ("facewarden_connections", "Open connections.", Double(connections)),
        ("process_resident_memory_bytes", "Memory in use.", ProcessMemory.residentBytes),
      ])
  }

  private func members(_ request: HTTPRequest) throws -> RequestMembers {
    switch ServiceRoute.type(of: request.head) {
    case "application/json": try RequestMembers(json: request.body)
    case "multipart/form-data":
      try RequestMembers(
        form: request.body, contentType: request.head.fields["content-type"] ?? "")
    default: RequestMembers(picture: request.body)
    }
  }

  /// The problem as the client sees it.
  private func response(_ problem: Problem, _ head: HTTPRequestHead) -> HTTPResponse {
    let members = problem.members(requestID: RequestIdentifier.of(head))
    var response = HTTPResponse.of(
      "application/problem+json", (try? members.bytes()) ?? [], status: problem.status)
    response.fields.merge(problem.fields) { $1 }
    decorate(&response, head)
    return response
  }

  private func decorate(_ response: inout HTTPResponse, _ head: HTTPRequestHead) {
    response.fields["X-Request-Id"] = RequestIdentifier.of(head)
    response.fields["X-Content-Type-Options"] = "nosniff"
    response.fields["Cache-Control"] = "no-store"
    response.fields.merge(origins.fields(for: head)) { $1 }
  }

  public func finished(_ record: HTTPRecord) {
    metrics.count(record)
    let route = ServiceRoute(rawValue: record.head.path)
    // Probes come every few seconds; only their failures are worth a line.
    if route == .live || route == .ready || route == .metrics, record.status == 200 { return }
    var line: [String: any Sendable & Encodable] = [
      "event": "request", "method": String(record.head.method.prefix(16)),
      "path": String(record.head.path.prefix(100)), "client": record.head.client,
      "bytes_in": record.received, "bytes_out": record.sent, "complete": record.isComplete,
      "milliseconds": (record.seconds * 1e4).rounded() / 10,
    ]
    if let status = record.status { line["status"] = status }
    if let id = record.fields["X-Request-Id"] { line["request_id"] = id }
    if let key = APIKeys.presented(record.head.fields), let holder = currentKeys?.holder(of: key) {
      line["key"] = holder
    }
    log.add(line)
  }
}

extension HTTPResponse {
  static func of(_ type: String, _ body: [UInt8], status: Int = 200) -> HTTPResponse {
    HTTPResponse(status: status, fields: ["Content-Type": type], body: body)
  }

  static func json(_ body: [UInt8]) -> HTTPResponse { .of("application/json", body) }
}
