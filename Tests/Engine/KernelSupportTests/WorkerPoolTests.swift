import Foundation
import Synchronization
import Testing

@testable import KernelSupport

@Suite struct WorkerPoolTests {
  /// How often each iteration of a loop ran.
  private static func runs(_ count: Int, on pool: WorkerPool) -> [Int] {
    let cells = (0..<count).map { _ in Cell() }
    pool.forEach(count) { cells[$0].runs.add(1, ordering: .relaxed) }
    return cells.map { $0.runs.load(ordering: .relaxed) }
  }

  private final class Cell: Sendable { let runs = Atomic<Int>(0) }

  @Test("each iteration runs once", arguments: [0, 1, 2, 3, 7, 1000])
  func once(count: Int) {
    for threads in 1...4 {
      let pool = WorkerPool(threads: threads)
      #expect(pool.threads == threads)
      for limit in [1, 2, 9] {
        pool.limit = limit
        #expect(Self.runs(count, on: pool) == Array(repeating: 1, count: count))
      }
    }
  }

  @Test("no limit is above the ceiling") func ceiling() {
    let pool = WorkerPool(threads: 3)
    pool.ceiling = 2
    #expect(pool.limit == 2)
    pool.limit = 9
    #expect(pool.limit == 2)
    pool.limit = 1
    #expect(pool.limit == 1)
    (pool.ceiling, pool.limit) = (0, 3)
    #expect(pool.limit == 1 && Self.runs(5, on: pool) == [1, 1, 1, 1, 1])
  }

  @Test("loops follow one another at once and after their workers have fallen asleep")
  func waking() {
    let pool = WorkerPool(threads: 3)
    for round in 0..<300 {
      if round % 3 == 0 { usleep(UInt32(250 + round)) }
      #expect(Self.runs(5, on: pool) == Array(repeating: 1, count: 5))
    }
  }

  @Test("a loop in a loop, and loops of several threads, run all the same")
  func nested() {
    let pool = WorkerPool(threads: 3)
    let total = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      for _ in 0..<50 {
        pool.forEach(6) { _ in pool.forEach(7) { _ in total.add(1, ordering: .relaxed) } }
      }
    }
    #expect(total.load(ordering: .relaxed) == 4 * 50 * 6 * 7)
  }

  @Test("where the system gives no more threads, those there are do the work", arguments: 0...3)
  func fewer(given: Int) {
    var left = given
    let pool = WorkerPool(threads: 4) { work in
      guard left > 0 else { return false }
      left -= 1
      Thread.detachNewThread(work)
      return true
    }
    #expect(pool.threads == given + 1)
    #expect(Self.runs(100, on: pool) == Array(repeating: 1, count: 100))
  }

  @Test("values come in order; of several failures the first in order is told")
  func map() throws {
    struct Failure: Error, Equatable { let index: Int }
    let pool = WorkerPool(threads: 3)
    #expect(pool.map(100) { $0 * $0 } == (0..<100).map { $0 * $0 })
    #expect(pool.map(0) { $0 }.isEmpty)
    #expect(throws: Failure(index: 7)) {
      try pool.map(100) { index throws(Failure) in
        if index % 10 == 7 { throw Failure(index: index) }
        return index
      }
    }
  }
}
