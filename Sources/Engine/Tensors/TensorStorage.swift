internal import KernelSupport
private import Locks

/// The memory of a tensor, shared by its copies until one of them changes.
///
/// Unchecked: the numbers change only through a tensor that is the sole owner; the packed forms are
/// guarded by a lock.
final class TensorStorage: @unchecked Sendable {
  let numbers: Destination
  let count: Int
  private let packed = Guarded<[String: TensorStorage]>([:])

  init(count: Int) {
    self.count = count
    numbers = BufferPool.take(max(1, count))
  }

  deinit { BufferPool.give(numbers, max(1, count)) }

  func packedForm(_ key: String, count: Int, make: (Destination) -> Void)
    -> TensorStorage
  {
    if let found = packed.withLock({ $0[key] }) { return found }
    let form = TensorStorage(count: count)
    make(form.numbers)
    packed.withLock { $0[key] = form }
    return form
  }

  func forgetPackedForms() { packed.withLock { $0 = [:] } }
}
