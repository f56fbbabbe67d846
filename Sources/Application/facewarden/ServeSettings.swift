import CommandLineArguments
import Files
import ScreeningService
import Faces
import Foundation
import HTTPServer
import Images
import JSON

/// The options of `facewarden serve`, and the file that may hold them.
struct ServeSettings {
  static let options: [CommandOption] =
    [
      .value("--address", "IP", "Where to listen.", default: "127.0.0.1"),
      .value("--port", "N", "The port; 0 takes a free one.", default: "8080"),
      .value("--keys", "FILE", "Lines of NAME SHA256: requests need one of these keys."),
      .flag("--without-keys", "Listens beyond this machine without asking for keys."),
      .flag("--fixed-threshold", "Refuses requests that choose their own 'threshold'."),
      .value(
        "--allow-origins", "LIST",
        "Whose pages may ask from a browser (CORS): origins like https://door.example, separated by "
          + "commas; none if not given."),
      .value("--tls-certificate", "FILE", "The certificate with its chain, PEM; needs --tls-key."),
      .value("--tls-key", "FILE", "The certificate's key, PEM."),
      .value("--log", "FILE", "Appends the log, JSON lines; standard error if not given."),
      .value(
        "--workers", "N", "Requests at work at a time; four for each processor if not given."),
    ]
    + numbers.map { CommandOption.value($0.name, $0.unit, $0.help, default: $0.standard) }

  /// A bound with its range.
  private struct Bound {
    let name, unit, help, standard: String
    let range: ClosedRange<Int>

    init(
      _ name: String, _ unit: String, _ help: String, _ standard: Int, _ range: ClosedRange<Int>
    ) {
      (self.name, self.unit, self.help) = (name, unit, help)
      (self.standard, self.range) = ("\(standard)", range)
    }
  }

  private static let numbers = [
    Bound("--queue", "N", "Requests that may wait; more get 503.", 128, 0...100_000),
    Bound("--connections", "N", "Open connections.", 512, 1...100_000),
    Bound("--connections-per-address", "N", "Of one address.", 128, 1...100_000),
    Bound("--picture-bytes", "BYTES", "The largest picture.", 10_000_000, 1000...100_000_000),
    Bound("--picture-pixels", "N", "Its pixels.", 25_000_000, 16384...100_000_000),
    Bound(
      "--picture-memory", "BYTES", "Memory for pictures while they are decoded; more of them wait.",
      512 << 20, 1 << 20...1 << 36),
    Bound("--held-bytes", "BYTES", "Bodies held at a time.", 256 << 20, 1 << 16...1 << 36),
    Bound("--header-seconds", "S", "For a request's head, or idle.", 10, 1...3600),
    Bound("--body-seconds", "S", "For its body.", 30, 1...3600),
    Bound("--send-seconds", "S", "For taking the answer.", 30, 1...3600),
    Bound("--deadline-seconds", "S", "From a request to its answer.", 10, 1...3600),
    Bound("--drain-seconds", "S", "For requests at hand after SIGTERM.", 20, 0...3600),
  ]

  /// What the server needs.
  let server: HTTPServerSettings
  /// How large pictures may be.
  let limits: ImageLimits
  /// The keys that are asked for.
  let keys: APIKeys?
  /// Where they come from.
  let keysPath: String?
  /// Whose pages may ask from a browser.
  let origins: AllowedOrigins
  /// Memory for pictures while they are decoded, in bytes.
  let pictureMemory: Int
  /// Whether a request may choose its own threshold.
  let allowsThreshold: Bool
  /// Where the log goes.
  let logPath: String?
  /// Seconds for requests at hand when the service ends.
  let drainSeconds: Double

  /// Reads and checks everything, files of keys and certificates included.
  init(_ arguments: Arguments) throws {
    func number(_ name: String) throws -> Int {
      guard let bound = Self.numbers.first(where: { $0.name == name }) else {
        preconditionFailure("no bound '\(name)'")
      }
      return try arguments.value(name, .integer(in: bound.range))
    }
    var server = HTTPServerSettings()
    server.address = try arguments.value("--address", .text)
    server.port = UInt16(try arguments.value("--port", .integer(in: 0...65535)))
    server.workers =
      try arguments.optional("--workers", .integer(in: 1...256))
      ?? 4 * ProcessInfo.processInfo.activeProcessorCount
    server.queueLength = try number("--queue")
    server.connections = try number("--connections")
    server.connectionsPerAddress = try number("--connections-per-address")
    server.heldBytes = try number("--held-bytes")
    server.headerSeconds = Double(try number("--header-seconds"))
    server.bodySeconds = Double(try number("--body-seconds"))
    server.sendSeconds = Double(try number("--send-seconds"))
    server.deadlineSeconds = Double(try number("--deadline-seconds"))
    drainSeconds = Double(try number("--drain-seconds"))
    limits = ImageLimits(
      bytes: try number("--picture-bytes"), pixels: try number("--picture-pixels"))
    pictureMemory = try number("--picture-memory")
    // Two pictures in Base64, and the rest of a request.
    server.bodyBytes = limits.bytes * 8 / 3 + 65536
    keysPath = arguments.text("--keys")
    keys = try keysPath.map(Self.keys)
    allowsThreshold = !arguments.flag("--fixed-threshold")
    do {
      origins = try arguments.text("--allow-origins").map { try AllowedOrigins($0) } ?? .init()
    } catch let error as AllowedOriginsError {
      throw UsageError.conflict("'--allow-origins': \(error)")
    }
    switch (arguments.text("--tls-certificate"), arguments.text("--tls-key")) {
    case (nil, nil): break
    case (let certificate?, let key?):
      server.tls = .init(certificate: try Self.text(of: certificate), key: try Self.text(of: key))
    default: throw UsageError.conflict("'--tls-certificate' and '--tls-key' need each other")
    }
    let isLoopback =
      ["localhost", "::1"].contains(server.address) || server.address.hasPrefix("127.")
    guard isLoopback || keys != nil || arguments.flag("--without-keys") else {
      throw UsageError.conflict(
        "'--address \(server.address)' is beyond this machine: '--keys FILE' is required, or "
          + "'--without-keys'")
    }
    logPath = arguments.text("--log")
    self.server = server
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
