import Foundation
import Synchronization

/// Whether the process was asked to stop, so that long work can save its state first.
enum Interruption {
  private static let requested = Atomic<Bool>(false)
  private static let hangup = Atomic<Bool>(false)

  /// From now on SIGINT and SIGTERM only raise a flag; a second one ends the process.
  static func observe() {
    // Whoever started the process may have left them blocked.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] { sigaddset(&signals, number) }
    sigprocmask(SIG_UNBLOCK, &signals, nil)
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        Interruption.requested.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
  }

  /// From now on SIGHUP only raises a flag, each time.
  static func observeHangup() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGHUP)
    sigprocmask(SIG_UNBLOCK, &signals, nil)
    signal(SIGHUP) { _ in Interruption.hangup.store(true, ordering: .relaxed) }
  }

  /// Whether there was a SIGHUP since this was asked last.
  static func takeHangup() -> Bool { hangup.exchange(false, ordering: .relaxed) }

  /// Whether a stop was asked for.
  static var isRequested: Bool { requested.load(ordering: .relaxed) }
}
