private import Glibc
private import Synchronization

/// Page-aligned blocks of single-precision numbers that are kept for the next user.
///
/// A training step asks for the same sizes again and again; after the first step it allocates
/// nothing. Contents are undefined on arrival.
public enum BufferPool {
  private struct State: Sendable {
    var free: [Int: [UInt]] = [:]
    var idle = 0
    var allocations = 0
  }

  private static let state = Mutex(State())

  /// How many blocks were asked of the system since the start; a steady state adds none.
  public static var allocations: Int { state.withLock { $0.allocations } }

  /// Blocks beyond this many idle bytes go back to the system.
  private static let idleLimit = 6 << 30

  /// The block size, in numbers, that serves a request for `count`.
  ///
  /// Sizes grow in steps of an eighth of a power of two, so that slightly different requests share.
  static func capacity(for count: Int) -> Int {
    let pages = max(1024, (count + 1023) & ~1023)
    let step = max(1024, (1 << (Int.bitWidth - 1 - pages.leadingZeroBitCount)) >> 3)
    return (pages + step - 1) / step * step
  }

  /// Takes a block of at least `count` numbers, aligned to 4096 bytes.
  public static func take(_ count: Int) -> UnsafeMutablePointer<Float> {
    let capacity = capacity(for: count)
    let recycled = state.withLock { state -> UInt? in
      guard let address = state.free[capacity]?.popLast() else {
        state.allocations += 1
        return nil
      }
      state.idle -= capacity * 4
      return address
    }
    if let recycled, let pointer = UnsafeMutablePointer<Float>(bitPattern: recycled) {
      return pointer
    }
    return UnsafeMutableRawPointer.allocate(byteCount: capacity * 4, alignment: 4096)
      .bindMemory(to: Float.self, capacity: capacity)
  }

  /// Gives back a block that ``take(_:)`` handed out for the same `count`.
  public static func give(_ pointer: UnsafeMutablePointer<Float>, _ count: Int) {
    let capacity = capacity(for: count)
    let kept = state.withLock { state -> Bool in
      guard state.idle + capacity * 4 <= idleLimit else { return false }
      state.free[capacity, default: []].append(UInt(bitPattern: pointer))
      state.idle += capacity * 4
      return true
    }
    if !kept { pointer.deallocate() }
  }

  /// Lends a block of `count` numbers to `body`.
  @inlinable
  public static func withScratch<Result>(
    _ count: Int, _ body: (UnsafeMutablePointer<Float>) throws -> Result
  ) rethrows -> Result {
    let pointer = take(count)
    defer { give(pointer, count) }
    return try body(pointer)
  }
}
