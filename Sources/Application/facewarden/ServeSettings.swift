import CommandLineArguments
import Files
import ScreeningService
import Faces
import Foundation
import HTTPServer
import Images
import JSON

/// The options of `facewarden serve`, and the file that may hold them.
struct ServeSettings: CommandSettings {
  private var address = "127.0.0.1"
  private var port = 8080
  private var isWithoutKeys = false
  private var hasFixedThreshold = false
  private var originList: String?
  private var certificate: String?
  private var certificateKey: String?
  private var workers: Int?
  private var queue = 128
  private var connections = 512
  private var connectionsPerAddress = 128
  private var pictureBytes = 10_000_000
  private var picturePixels = 25_000_000
  private var heldBytes = 256 << 20
  private var headerSeconds = 10
  private var bodySeconds = 30
  private var sendSeconds = 30
  private var deadlineSeconds = 10
  private var drain = 20

  static let settings: [Setting<Self>] =
    [
      .value("--address", "IP", "Where to listen.", \.address, .text),
      .value("--port", "N", "The port; 0 takes a free one.", \.port, .integer(in: 0...65535)),
      .optional(
        "--keys", "FILE", "Lines of NAME SHA256: requests need one of these keys.", \.keysPath,
        .text),
      .flag(
        "--without-keys", "Listens beyond this machine without asking for keys.", \.isWithoutKeys),
      .flag(
        "--fixed-threshold", "Refuses requests that choose their own 'threshold'.",
        \.hasFixedThreshold),
      .optional(
        "--allow-origins", "LIST",
        "Whose pages may ask from a browser (CORS): origins like https://door.example, separated by "
          + "commas; none if not given.", \.originList, .text),
      .optional(
        "--tls-certificate", "FILE", "The certificate with its chain, PEM; needs --tls-key.",
        \.certificate, .text),
      .optional("--tls-key", "FILE", "The certificate's key, PEM.", \.certificateKey, .text),
      .optional(
        "--log", "FILE", "Appends the log, JSON lines; standard error if not given.", \.logPath,
        .text),
      .optional(
        "--workers", "N", "Requests at work at a time; four for each processor if not given.",
        \.workers, .integer(in: 1...256)),
    ] + bounds

  private static let bounds: [Setting<Self>] = [
    bound("--queue", "N", "Requests that may wait; more get 503.", \.queue, 0...100_000),
    bound("--connections", "N", "Open connections.", \.connections, 1...100_000),
    bound(
      "--connections-per-address", "N", "Of one address.", \.connectionsPerAddress, 1...100_000),
    bound("--picture-bytes", "BYTES", "The largest picture.", \.pictureBytes, 1000...100_000_000),
    bound("--picture-pixels", "N", "Its pixels.", \.picturePixels, 16384...100_000_000),
    bound(
      "--picture-memory", "BYTES", "Memory for pictures while they are decoded; more of them wait.",
      \.pictureMemory, 1 << 20...1 << 36),
    bound("--held-bytes", "BYTES", "Bodies held at a time.", \.heldBytes, 1 << 16...1 << 36),
    bound("--header-seconds", "S", "For a request's head, or idle.", \.headerSeconds, 1...3600),
    bound("--body-seconds", "S", "For its body.", \.bodySeconds, 1...3600),
    bound("--send-seconds", "S", "For taking the answer.", \.sendSeconds, 1...3600),
    bound(
      "--deadline-seconds", "S", "From a request to its answer.", \.deadlineSeconds, 1...3600),
    bound("--drain-seconds", "S", "For requests at hand after SIGTERM.", \.drain, 0...3600),
  ]

  private static func bound(
    _ name: String, _ unit: String, _ help: String,
    _ path: any WritableKeyPath<Self, Int> & Sendable,
    _ range: ClosedRange<Int>
  ) -> Setting<Self> {
    .value(name, unit, help, path, .integer(in: range))
  }

  /// What the server needs.
  private(set) var server = HTTPServerSettings()
  /// How large pictures may be.
  var limits: ImageLimits { ImageLimits(bytes: pictureBytes, pixels: picturePixels) }
  /// The keys that are asked for.
  private(set) var keys: APIKeys?
  /// Where they come from.
  private(set) var keysPath: String?
  /// Whose pages may ask from a browser.
  private(set) var origins = AllowedOrigins()
  /// Memory for pictures while they are decoded, in bytes.
  private(set) var pictureMemory = 512 << 20
  /// Whether a request may choose its own threshold.
  var allowsThreshold: Bool { !hasFixedThreshold }
  /// Where the log goes.
  private(set) var logPath: String?
  /// Seconds for requests at hand when the service ends.
  var drainSeconds: Double { Double(drain) }

  /// Checks everything, files of keys and certificates included.
  mutating func check(_ arguments: Arguments) throws {
    server.address = address
    server.port = UInt16(port)
    server.workers = workers ?? 4 * ProcessInfo.processInfo.activeProcessorCount
    server.queueLength = queue
    server.connections = connections
    server.connectionsPerAddress = connectionsPerAddress
    server.heldBytes = heldBytes
    server.headerSeconds = Double(headerSeconds)
    server.bodySeconds = Double(bodySeconds)
    server.sendSeconds = Double(sendSeconds)
    server.deadlineSeconds = Double(deadlineSeconds)
    // Two pictures in Base64, and the rest of a request.
    server.bodyBytes = limits.bytes * 8 / 3 + 65536
    keys = try keysPath.map(Self.keys)
    if let originList { origins = try Self.origins(of: originList) }
    switch (certificate, certificateKey) {
    case (nil, nil): break
    case (let certificate?, let key?):
      server.tls = .init(certificate: try Self.text(of: certificate), key: try Self.text(of: key))
    default: throw UsageError.conflict("'--tls-certificate' and '--tls-key' need each other")
    }
    let isLoopback =
      ["localhost", "::1"].contains(server.address) || server.address.hasPrefix("127.")
    guard isLoopback || keys != nil || isWithoutKeys else {
      throw UsageError.conflict(
        "'--address \(server.address)' is beyond this machine: '--keys FILE' is required, or "
          + "'--without-keys'")
    }
  }

  /// Whose pages may ask, as '--allow-origins' says.
  private static func origins(of list: String) throws -> AllowedOrigins {
    do {
      return try AllowedOrigins(list)
    } catch {
      throw UsageError.conflict("'--allow-origins': \(error)")
    }
  }

  /// The keys of a file.
  static func keys(path: String) throws -> APIKeys { try APIKeys(text(of: path)) }

  /// The text of a small file.
  private static func text(of path: String) throws -> String {
    let bytes = try ReadableFile.bytes(of: path, limit: 1 << 20)
    guard let text = PlainText.text(of: bytes) else {
      throw UsageError.conflict("'\(path)' is no text")
    }
    return text
  }
}
