private import Foundation
private import Locks

/// Threads that take work from a bounded queue, first come first served.
///
/// Unchecked: `waiting` and `isClosed` are only touched with `condition` held; `threads` is set once,
/// before anyone else has the queue.
final class WorkQueue: @unchecked Sendable {
  private let condition = NSCondition()
  private var waiting: [@Sendable () -> Void] = []
  private var isClosed = false
  private let capacity: Int

  /// How many threads there are: as many as were asked for, or as the system had to give.
  private(set) var threads = 0

  init(threads: Int, capacity: Int) {
    self.capacity = capacity
    while self.threads < threads {
      // Networks in a debug build need more than half a megabyte.
      let isStarted = OwnThread.start(stackSize: 8 << 20) {
        [self] in while let work = next() { work() }
      }
      guard isStarted else { break }
      self.threads += 1
    }
  }

  /// How much waits.
  var depth: Int { condition.withLock { waiting.count } }

  /// Adds work; false if the queue is full or closed.
  func add(_ work: @escaping @Sendable () -> Void) -> Bool {
    condition.withLock {
      guard !isClosed, waiting.count < capacity else { return false }
      waiting.append(work)
      condition.signal()
      return true
    }
  }

  /// Lets the threads end after the work that they have.
  func close() {
    condition.withLock {
      isClosed = true
      waiting = []
      condition.broadcast()
    }
  }

  private func next() -> (@Sendable () -> Void)? {
    condition.lock()
    defer { condition.unlock() }
    while waiting.isEmpty && !isClosed { condition.wait() }
    return waiting.isEmpty ? nil : waiting.removeFirst()
  }
}
