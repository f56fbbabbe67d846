private import Foundation

/// Ends connections whose client takes too long over a head, a body or an answer.
///
/// The library below only counts idle time, which a byte every few seconds keeps from passing.
///
/// Sockets are ended with the lock held, and the library tells that a connection is closed before it
/// closes the socket: a number that is found here is still that connection's.
///
/// Unchecked: `entries` is only touched with `lock` held.
final class ConnectionWatch: @unchecked Sendable {
  /// What a connection is waited for.
  enum Phase: Sendable {
    /// The head of a request.
    case head
    /// Its body.
    case body
    /// The server's own work, which has another limit.
    case work
    /// The client's taking of the answer.
    case answer
  }

  private struct Entry: Sendable {
    let socket: Int32
    var phase: Phase
    var since: Double
  }

  private let lock = NSLock()
  private var entries: [UInt: Entry] = [:]
  private let limits: (head: Double, body: Double, answer: Double)

  init(_ settings: HTTPServerSettings) {
    limits = (settings.headerSeconds, settings.bodySeconds, settings.sendSeconds)
  }

  /// How many connections are open.
  var count: Int { lock.withLock { entries.count } }

  func opened(_ connection: UInt, socket: Int32) {
    lock.withLock { entries[connection] = Entry(socket: socket, phase: .head, since: now()) }
  }

  func closed(_ connection: UInt) {
    lock.withLock { entries[connection] = nil }
  }

  func entered(_ phase: Phase, _ connection: UInt) {
    lock.withLock {
      entries[connection]?.phase = phase
      entries[connection]?.since = now()
    }
  }

  /// Ends the connections that are late.
  func sweep() {
    let time = now()
    lock.withLock {
      for (connection, entry) in entries {
        let limit =
          switch entry.phase {
          case .head: limits.head
          case .body: limits.body
          case .answer: limits.answer
          case .work: Double.infinity
          }
        guard time - entry.since > limit else { continue }
        shutdown(entry.socket, Int32(SHUT_RDWR))
        // The library takes notice and closes it; once is enough.
        entries[connection]?.phase = .work
      }
    }
  }
}
