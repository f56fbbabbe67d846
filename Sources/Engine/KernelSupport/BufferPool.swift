private import Glibc
private import Locks

/// Page-aligned blocks of single-precision numbers that are kept for the next user.
///
/// A training step asks for the same sizes again and again; after the first step it allocates
/// nothing. Contents are undefined on arrival. Blocks of ``hugePage`` and more ask the system for huge
/// pages: a convolution writes to dozens of places far apart, more than a processor remembers the
/// addresses of small pages for.
public enum BufferPool {
  private struct State: Sendable {
    /// Idle blocks by their size in numbers.
    var free: [Int: [UInt]] = [:]
    /// The sizes of idle blocks, ascending.
    var sizes: [Int] = []
    /// Blocks lent out that are larger than what was asked for, with their sizes.
    var larger: [UInt: Int] = [:]
    var idle = 0
    var allocations = 0

    /// Takes an idle block of at least `capacity` numbers that wastes no more than a third.
    mutating func recycle(_ capacity: Int) -> UInt? {
      var low = 0, high = sizes.count
      while low < high {
        let middle = (low + high) / 2
        if sizes[middle] < capacity { low = middle + 1 } else { high = middle }
      }
      guard low < sizes.count, sizes[low] <= capacity + capacity / 2 else { return nil }
      let size = sizes[low]
      guard let address = free[size]?.popLast() else { return nil }
      if free[size]?.isEmpty == true {
        free[size] = nil
        sizes.remove(at: low)
      }
      idle -= size * 4
      if size != capacity { larger[address] = size }
      return address
    }

    /// Keeps a block for the next user.
    mutating func keep(_ address: UInt, _ size: Int) {
      if free[size]?.append(address) == nil {
        free[size] = [address]
        sizes.insert(size, at: sizes.firstIndex { $0 > size } ?? sizes.count)
      }
      idle += size * 4
    }
  }

  private static let state = Guarded(State())

  /// How many blocks were asked of the system since the start; a steady state adds none.
  public static var allocations: Int { state.withLock { $0.allocations } }

  /// The bytes of a huge page on x86-64.
  static let hugePage = 2 << 20

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
      let found = state.recycle(capacity)
      if found == nil { state.allocations += 1 }
      return found
    }
    let pointer =
      recycled.flatMap { UnsafeMutablePointer<Float>(bitPattern: $0) }
      ?? allocated(capacity)
    #if DEBUG
      // Whoever reads before writing shall be found out.
      pointer.update(repeating: .nan, count: capacity)
    #endif
    return pointer
  }

  private static func allocated(_ capacity: Int) -> UnsafeMutablePointer<Float> {
    let bytes = capacity * 4
    let isHuge = bytes >= hugePage
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: bytes, alignment: isHuge ? hugePage : 4096)
    // Advice: where a system has no huge pages, small ones serve, as they do for what is less than a
    // huge page at a block's end.
    if isHuge { madvise(memory, bytes / hugePage * hugePage, MADV_HUGEPAGE) }
    return memory.bindMemory(to: Float.self, capacity: capacity)
  }

  /// Gives back a block that ``take(_:)`` handed out for the same `count`.
  public static func give(_ pointer: UnsafeMutablePointer<Float>, _ count: Int) {
    let address = UInt(bitPattern: pointer)
    let capacity = capacity(for: count)
    let kept = state.withLock { state -> Bool in
      let size = state.larger.removeValue(forKey: address) ?? capacity
      guard state.idle + size * 4 <= idleLimit else { return false }
      state.keep(address, size)
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
