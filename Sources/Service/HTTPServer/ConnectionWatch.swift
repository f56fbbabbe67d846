private import Foundation

/// Ends connections whose client takes too long over a head, a body or an answer, or is gone.
///
/// The library below only counts idle time, which a byte every few seconds keeps from passing. Where a
/// client leaves right after a piece of a body, the library hears of the piece alone.
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
    /// Since when it is known that the client sends nothing more, with all of it read.
    var ended: Double?

    /// Whether more is to come from the client.
    var isReceiving: Bool { phase == .head || phase == .body }
  }

  /// Seconds that a client which sends nothing more may still be waited for.
  private static let patience = 1.0

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
        let hasEnded = entry.isReceiving && Self.hasEnded(entry.socket)
        let ended = hasEnded ? entry.ended ?? time : nil
        entries[connection]?.ended = ended
        // What was read last may still be on its way to its phase.
        let isGone = ended.map { time - $0 > Self.patience } ?? false
        guard time - entry.since > limit || isGone else { continue }
        shutdown(entry.socket, Int32(SHUT_RDWR))
        // The library takes notice and closes it; once is enough.
        entries[connection]?.phase = .work
      }
    }
  }

  /// Whether the client of a socket sends nothing more, and all that it sent was read.
  private static func hasEnded(_ socket: Int32) -> Bool {
    var byte: UInt8 = 0
    return recv(socket, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) == 0
  }
}
