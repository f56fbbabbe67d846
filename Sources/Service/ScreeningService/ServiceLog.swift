private import JSON
private import Foundation
private import Locks
private import Synchronization

/// Lines of JSON for whoever runs the service, written by a thread of their own.
///
/// Neither pictures nor keys stand in them. A log that is full or slow costs lines, never an answer:
/// what cannot be written is counted.
///
/// Unchecked: `waiting` and `isClosed` are only touched with `condition` held.
public final class ServiceLog: @unchecked Sendable {
  /// Lines that may wait.
  private static let capacity = 1024

  private let write: @Sendable ([UInt8]) -> Bool
  private let lost: @Sendable () -> Void
  private let condition = NSCondition()
  private var waiting: [[UInt8]] = []
  private var isClosed = false
  private var isIdle = true
  private let hasThread = Atomic<Bool>(false)

  /// Creates a log.
  ///
  /// - `write`: writes a line with its end; false if it cannot.
  /// - `lost`: is told of each lost line.
  init(write: @escaping @Sendable ([UInt8]) -> Bool, lost: @escaping @Sendable () -> Void) {
    (self.write, self.lost) = (write, lost)
    let isStarted = OwnThread.start { [self] in
      while let lines = take() {
        for line in lines where !write(line) { lost() }
      }
    }
    hasThread.store(isStarted, ordering: .relaxed)
  }

  /// Adds a line.
  func add(_ members: [String: any Sendable & Encodable]) {
    var members = members
    members["time"] = Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    let line = (try? JSONText.bytes(of: members.mapValues(AnyMember.init))) ?? []
    guard hasThread.load(ordering: .relaxed) else {
      // Without a thread of its own whoever has a line writes it.
      if !condition.withLock({ write(line + [UInt8(ascii: "\n")]) }) { lost() }
      return
    }
    let isAdded = condition.withLock {
      guard !isClosed, waiting.count < Self.capacity else { return false }
      waiting.append(line + [UInt8(ascii: "\n")])
      condition.broadcast()
      return true
    }
    if !isAdded { lost() }
  }

  /// Writes what waits, for at most a second, and ends.
  func close() {
    condition.lock()
    isClosed = true
    condition.broadcast()
    let end = Date(timeIntervalSinceNow: 1)
    while !(waiting.isEmpty && isIdle), condition.wait(until: end) {}
    condition.unlock()
  }

  private func take() -> [[UInt8]]? {
    condition.lock()
    defer { condition.unlock() }
    isIdle = true
    condition.broadcast()
    while waiting.isEmpty && !isClosed { condition.wait() }
    defer { waiting = [] }
    isIdle = waiting.isEmpty
    return waiting.isEmpty ? nil : waiting
  }
}

/// Any value that can be written.
private struct AnyMember: Encodable {
  let value: any Encodable
  init(_ value: any Encodable & Sendable) { self.value = value }
  func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}
