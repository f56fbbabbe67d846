internal import CMicroHTTPD
private import Locks

/// One request and its answer, from the end of the head to the end of the answer.
///
/// Unchecked: `connection`, `received` and the body belong to the network's thread until the request is
/// handed over; what several threads touch lies in `state`.
final class Exchange: @unchecked Sendable {
  let connection: OpaquePointer
  let head: HTTPRequestHead
  let began = now()
  /// The answer that was clear before the body came.
  var early: HTTPResponse?
  var body: [UInt8] = []
  var received = 0
  /// The bytes of the body that count against the server's memory.
  var held = 0

  private struct State: Sendable {
    var response: HTTPResponse?
    var isSuspended = false
    var deadline = Double.infinity
  }
  private let state = Guarded(State())

  init(connection: OpaquePointer, head: HTTPRequestHead) {
    (self.connection, self.head) = (connection, head)
  }

  /// The answer, once there is one.
  var response: HTTPResponse? { state.withLock { $0.response } }

  /// When the answer is due.
  var deadline: Double { state.withLock { $0.deadline } }

  /// Puts the connection to sleep until ``answer(_:)``.
  func suspend(until deadline: Double) {
    state.withLock {
      ($0.isSuspended, $0.deadline) = (true, deadline)
      MHD_suspend_connection(connection)
    }
  }

  /// Sets the answer and wakes the connection; a second answer is dropped.
  ///
  /// Returns whether this was the first.
  @discardableResult func answer(_ response: HTTPResponse) -> Bool {
    state.withLock {
      guard $0.response == nil else { return false }
      $0.response = response
      if $0.isSuspended {
        $0.isSuspended = false
        MHD_resume_connection(connection)
      }
      return true
    }
  }

  /// What became of it.
  func record(isComplete: Bool) -> HTTPRecord {
    let response = response
    return HTTPRecord(
      head: head, status: response?.status, fields: response?.fields ?? [:], received: received,
      sent: response?.body.count ?? 0, seconds: now() - began, isComplete: isComplete)
  }
}
