import Foundation
import HTTPServer
import Synchronization

/// Answers with what it was asked; some paths are slow, refused or immediate.
final class EchoHandler: HTTPHandler {
  let records = Mutex<[HTTPRecord]>([])

  func refusal(of head: HTTPRequestHead) -> HTTPResponse? {
    head.path == "/refused" ? HTTPResponse(status: 403, body: Array("no".utf8)) : nil
  }

  func isImmediate(_ head: HTTPRequestHead) -> Bool { head.path == "/immediate" }

  func response(to request: HTTPRequest) -> HTTPResponse {
    if request.head.path == "/slow" { Thread.sleep(forTimeInterval: 0.8) }
    let query = request.head.query.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }
    let text = "\(request.head.method) \(request.head.path) \(query) \(request.body.count)"
    return HTTPResponse(
      status: 200, fields: ["X-Client": request.head.client], body: Array(text.utf8))
  }

  func response(to refusal: HTTPRefusal, of head: HTTPRequestHead) -> HTTPResponse {
    switch refusal {
    case .bodyTooLong: HTTPResponse(status: 413)
    case .malformed(let reason): HTTPResponse(status: 400, body: Array(reason.utf8))
    case .overloaded: HTTPResponse(status: 503, fields: ["Retry-After": "1"])
    case .deadline: HTTPResponse(status: 504)
    case .stopping: HTTPResponse(status: 503)
    }
  }

  func finished(_ record: HTTPRecord) { records.withLock { $0.append(record) } }
}
