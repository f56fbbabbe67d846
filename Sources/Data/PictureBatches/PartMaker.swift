private import Foundation
private import Locks

/// A thread that makes parts of batches on processors that have nothing else to do.
///
/// Nobody waits for it: an order that is taken back while it makes one of its parts goes without that
/// part. On a busy machine it may take seconds to come to its next instruction.
///
/// Unchecked: what may change, the orders' parts included, is only touched with `condition` held.
final class PartMaker<Part: Sendable>: @unchecked Sendable {
  /// The parts of one batch.
  ///
  /// Unchecked: as the maker's own.
  final class Order: @unchecked Sendable {
    let make: @Sendable (Int) throws -> Part
    fileprivate var parts: [Result<Part, any Error>?]
    fileprivate var begun = 0

    init(count: Int, make: @escaping @Sendable (Int) throws -> Part) {
      self.make = make
      parts = Array(repeating: nil, count: count)
    }
  }

  private let condition = NSCondition()
  private var orders: [Order] = []
  private var isStarted = false
  private var isStopped = false

  /// Has an order's parts made after those of the orders before it.
  func add(_ order: Order) {
    condition.withLock {
      guard !isStopped else { return }
      orders.append(order)
      if !isStarted {
        // Where the system has no thread to give, everything is made when it is asked for.
        isStarted = OwnThread.start(onIdleProcessors: true) { [self] in work() }
      }
      condition.signal()
    }
  }

  /// Takes an order back: its parts, those that are made.
  func take(_ order: Order) -> [Result<Part, any Error>?] {
    condition.withLock {
      orders.removeAll { $0 === order }
      defer { order.parts = [] }
      return order.parts
    }
  }

  /// Ends the thread after the part that it is making.
  func stop() {
    condition.withLock {
      (isStopped, orders) = (true, [])
      condition.signal()
    }
  }

  private func work() {
    while let (order, place) = next() {
      let part = Result { try order.make(place) }
      condition.withLock {
        if !order.parts.isEmpty { order.parts[place] = part }
      }
    }
  }

  /// The next part to make; waits for one, and returns nil at the end.
  private func next() -> (order: Order, place: Int)? {
    condition.lock()
    defer { condition.unlock() }
    while !isStopped {
      if let order = orders.first(where: { $0.begun < $0.parts.count }) {
        order.begun += 1
        return (order, order.begun - 1)
      }
      condition.wait()
    }
    return nil
  }
}
