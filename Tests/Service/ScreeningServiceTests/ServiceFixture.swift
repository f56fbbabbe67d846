import Foundation
import HTTPServer
import JSON
import ModelStore
import Screening
import Synchronization
import TestSupport

@testable import ScreeningService

/// A responder around the shipped models, and requests for it.
enum ServiceFixture {
  static let root = TestProducts.packageRoot.path
  static let key = "0123456789abcdef"

  /// Loaded once: the models are the same for every test.
  static let service: VerdictService? = try? VerdictService(FaceWarden(folder: root + "/models"))

  /// The lines of a log.
  final class Lines: Sendable {
    let lines = Mutex<[String]>([])
  }

  static func responder(
    keys: APIKeys? = nil, log: Lines = Lines(), logs: Bool = true
  ) throws -> ServiceResponder {
    guard let service else { throw CocoaError(.fileNoSuchFile) }
    return ServiceResponder(
      service, manifest: try ModelManifest(folder: root + "/models"), keys: keys, version: "9.9",
      log: { line in
        log.lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
        return logs
      })
  }

  static func sample(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(root)/samples/\(name).png")))
  }

  static func head(
    _ method: String, _ path: String, type: String? = nil, query: [String: String] = [:],
    fields: [String: String] = [:]
  ) -> HTTPRequestHead {
    var fields = fields
    if let type { fields["content-type"] = type }
    return HTTPRequestHead(method: method, path: path, query: query, fields: fields)
  }

  static func form(_ parts: [(String, [UInt8])]) -> (type: String, body: [UInt8]) {
    var body: [UInt8] = []
    for (name, content) in parts {
      body += Array("--b\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n".utf8)
      body += content + Array("\r\n".utf8)
    }
    return ("multipart/form-data; boundary=b", body + Array("--b--\r\n".utf8))
  }

  static func object(_ response: HTTPResponse) throws -> [String: JSONValue] {
    try JSONDecoder().decode([String: JSONValue].self, from: Data(response.body))
  }
}
