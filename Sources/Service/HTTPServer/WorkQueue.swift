private import Foundation

/// Threads that take work from a bounded queue, first come first served.
///
/// Unchecked: `waiting` and `isClosed` are only touched with `condition` held.
final class WorkQueue: @unchecked Sendable {
  private let condition = NSCondition()
  private var waiting: [@Sendable () -> Void] = []
  private var isClosed = false
  private let capacity: Int

  init(threads: Int, capacity: Int) {
    self.capacity = capacity
    for index in 0..<threads {
      let thread = Thread { [self] in while let work = next() { work() } }
      thread.name = "request-\(index)"
      // Networks in a debug build need more than the half megabyte that is usual.
      thread.stackSize = 8 << 20
      thread.start()
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
