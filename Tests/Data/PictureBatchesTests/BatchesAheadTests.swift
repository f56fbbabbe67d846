import Foundation
import Testing

@testable import PictureBatches

/// What batches are made ahead, and that nobody can tell.
@Suite struct BatchesAheadTests {
  struct Broken: Error, Equatable {
    let step, place: Int
  }

  /// What was begun and made, by whichever thread.
  ///
  /// Unchecked: all of it is behind the lock.
  final class Record: @unchecked Sendable {
    private let lock = NSLock()
    private var parts: [[Int]] = []
    private var steps: [Int] = []

    func make(_ step: Int, _ place: Int) { lock.withLock { parts.append([step, place]) } }
    func begin(_ step: Int) { lock.withLock { steps.append(step) } }
    var made: [[Int]] { lock.withLock { parts } }
    var begun: [Int] { lock.withLock { steps } }
  }

  static func batches(
    from first: Int = 0, to end: Int, ahead: Int, parts: Int = 3, record: Record = Record(),
    make: @escaping @Sendable (Int, Int) throws -> Int = { 10 * $0 + $1 }
  ) -> BatchesAhead<Int, [Int]> {
    BatchesAhead(from: first, to: end, ahead: ahead) { step in
      record.begin(step)
      return BatchInParts(
        count: parts,
        make: { place in
          record.make(step, place)
          return try make(step, place)
        }, join: { $0 })
    }
  }

  /// Waits until `condition` holds, half a minute at most: the other thread gives way to all others.
  static func waits(until condition: () -> Bool) -> Bool {
    for _ in 0..<3000 {
      if condition() { return true }
      Thread.sleep(forTimeInterval: 0.01)
    }
    return condition()
  }

  @Test("each step gets its own batch, however many are made ahead", arguments: [0, 1, 2, 5])
  func order(ahead: Int) throws {
    let record = Record()
    var batches = Self.batches(from: 4, to: 20, ahead: ahead, record: record)
    defer { batches.stop() }
    for step in 4..<20 {
      #expect(try batches.next() == [10 * step, 10 * step + 1, 10 * step + 2])
      if step % 3 == 0 { Thread.sleep(forTimeInterval: 0.002) }
    }
    #expect(record.begun == Array(4..<20))
  }

  @Test("batches are made while nobody asks, as many as may be and no more") func bounded() throws {
    let record = Record()
    var batches = Self.batches(to: 9, ahead: 2, record: record)
    defer { batches.stop() }
    _ = try batches.next()
    #expect(Self.waits { record.made.count == 9 })
    Thread.sleep(forTimeInterval: 0.05)
    #expect(record.begun == [0, 1, 2] && record.made.count == 9)
    // What was made is not made again.
    #expect(try batches.next() == [10, 11, 12])
    #expect(Self.waits { record.made.count == 12 })
    Thread.sleep(forTimeInterval: 0.05)
    #expect(record.made.count == 12 && Set(record.made).count == 12)
  }

  @Test("without any ahead everything is made at its step") func none() throws {
    let record = Record()
    var batches = Self.batches(to: 3, ahead: 0, record: record)
    for step in 0..<3 {
      _ = try batches.next()
      #expect(record.made.count == 3 * (step + 1))
    }
  }

  @Test("the last batches are made, and none after them") func end() throws {
    let record = Record()
    var batches = Self.batches(to: 2, ahead: 5, record: record)
    defer { batches.stop() }
    _ = try batches.next()
    _ = try batches.next()
    #expect(record.begun == [0, 1])
  }

  @Test("an error comes at its step, that of the first part, after the steps before it")
  func errors() throws {
    for ahead in [0, 3] {
      let record = Record()
      var batches = Self.batches(to: 6, ahead: ahead, record: record) { step, place in
        if step == 2 && place > 0 { throw Broken(step: step, place: place) }
        return 10 * step + place
      }
      defer { batches.stop() }
      #expect(try batches.next() == [0, 1, 2])
      if ahead > 0 { #expect(Self.waits { record.made.count == 12 }) }
      #expect(try batches.next() == [10, 11, 12])
      #expect(throws: Broken(step: 2, place: 1)) { try batches.next() }
    }
  }

  @Test("a part that is stuck ahead holds up neither its step nor the end") func stuck() throws {
    let (record, door, isOpen) = (Record(), DispatchSemaphore(value: 0), Record())
    var batches = Self.batches(to: 9, ahead: 2, record: record) { step, place in
      // Whoever comes first, the other thread, waits.
      if step == 1 && place == 1 && isOpen.begun.isEmpty {
        isOpen.begin(0)
        door.wait()
      }
      return 10 * step + place
    }
    _ = try batches.next()
    #expect(Self.waits { !isOpen.begun.isEmpty })
    #expect(try batches.next() == [10, 11, 12])
    let before = record.made.filter { $0[0] > 1 }
    #expect(before.isEmpty)
    batches.stop()
    door.signal()
    Thread.sleep(forTimeInterval: 0.05)
    #expect(record.made.filter { $0[0] > 1 }.isEmpty)
  }

  @Test("two batches as one have both their parts") func pairs() throws {
    let first = BatchInParts(count: 2, make: { $0 }, join: { $0 })
    let second = BatchInParts(count: 3, make: { 10 * $0 }, join: { $0.reduce(0, +) })
    let both = first.and(second)
    #expect(both.count == 5)
    let made = try both.joined { $0.0 + [$0.1] }.made()
    #expect(made == [0, 1, 30])
  }
}
