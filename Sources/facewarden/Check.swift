import AdversarialDetection
import CommandLineArguments
import Faces
import Foundation
import Images

/// `facewarden check`: one verdict line for each request line.
struct Check: Subcommand {
  static let command = Command(
    "check", "answers JSON lines on standard input with one verdict line each",
    discussion: """
      A request: {"id": "7", "probe": "a.png", "reference": "b.png"}, or "probe_base64" and \
      "reference_base64" in place of paths; "threshold" is a distance² for this line alone.
      Exit status: the worst of all lines; 0 if all were accepted.
      """,
    options: [SharedOptions.models] + SharedOptions.pictures + SharedOptions.thresholds)

  /// Longer lines are answered with an error: about four pictures of the largest size.
  private static let longestLine = 128 << 20

  private let arguments: Arguments

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    _ = try arguments.optional("--threshold", .number(in: 0...4))
    _ = try arguments.optional("--fmr", .number(in: 1e-6...0.5))
    if !arguments.flag("--aligned") && arguments.text("--landmarks") == nil {
      _ = try arguments.pictureSource()
    }
  }

  private struct Request: Decodable {
    var id: String?
    var probe, reference, probeBase64, referenceBase64: String?
    var threshold: Double?

    enum CodingKeys: String, CodingKey {
      case id, probe, reference, threshold
      case probeBase64 = "probe_base64"
      case referenceBase64 = "reference_base64"
    }

    init(from decoder: any Decoder) throws {
      let members = try decoder.container(keyedBy: CodingKeys.self)
      // An id may be a number; it is echoed as text.
      if let number = try? members.decode(Int.self, forKey: .id) {
        id = "\(number)"
      } else {
        id = try members.decodeIfPresent(String.self, forKey: .id)
      }
      probe = try members.decodeIfPresent(String.self, forKey: .probe)
      reference = try members.decodeIfPresent(String.self, forKey: .reference)
      probeBase64 = try members.decodeIfPresent(String.self, forKey: .probeBase64)
      referenceBase64 = try members.decodeIfPresent(String.self, forKey: .referenceBase64)
      threshold = try members.decodeIfPresent(Double.self, forKey: .threshold)
    }
  }

  private enum RequestError: Error, CustomStringConvertible {
    case missing(String)
    case twice(String)
    case notBase64(String)
    case threshold(Double)

    var description: String {
      switch self {
      case .missing(let name): "the request has neither '\(name)' nor '\(name)_base64'"
      case .twice(let name): "the request has both '\(name)' and '\(name)_base64'"
      case .notBase64(let name): "'\(name)_base64' is not Base64"
      case .threshold(let value): "'threshold' is \(value); expected a distance² in 0…4"
      }
    }
  }

  func run() throws -> Int32 {
    signal(SIGPIPE, SIG_IGN)
    Interruption.observe()
    let (warden, source) = try (arguments.warden(), arguments.pictureSource())
    var worst: Int32 = 0
    while !Interruption.isRequested, let line = readLine(strippingNewline: true) {
      let verdict = answer(line, warden, source)
      worst = max(worst, verdict.exitCode)
      guard Self.write(try verdict.line() + "\n") else { break }
    }
    return worst
  }

  private func answer(_ line: String, _ warden: FaceWarden, _ source: PictureSource) -> Verdict {
    guard line.utf8.count <= Self.longestLine else {
      return .undecided("the line has more than \(Self.longestLine) bytes")
    }
    let request: Request
    do {
      request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
    } catch {
      return .undecided("the line is no request: expected a JSON object with probe and reference")
    }
    do {
      var warden = warden
      if let threshold = request.threshold {
        guard (0...4).contains(threshold) else { throw RequestError.threshold(threshold) }
        warden = warden.with(threshold: threshold)
      }
      let probe = try picture("probe", request.probe, request.probeBase64, source)
      let reference = try picture(
        "reference", request.reference, request.referenceBase64, source)
      return warden.judge(probe: probe, reference: reference, id: request.id)
    } catch {
      return .undecided("\(error)", id: request.id)
    }
  }

  private func picture(
    _ name: String, _ path: String?, _ base64: String?, _ source: PictureSource
  ) throws -> FacePicture {
    switch (path, base64) {
    case (nil, nil): throw RequestError.missing(name)
    case (.some, .some): throw RequestError.twice(name)
    case (let path?, nil): return try source.face(path: path)
    case (nil, let text?):
      guard let data = Data(base64Encoded: text) else { throw RequestError.notBase64(name) }
      return try FacePicture(bytes: [UInt8](data), name: name, landmarks: nil)
    }
  }

  /// Writes all of it at once; false if nobody reads any more.
  private static func write(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }
}
