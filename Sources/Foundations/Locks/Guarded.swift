#if THREAD_SANITIZER
  private import Glibc
#else
  public import Synchronization
#endif

/// A value that one thread at a time may use.
///
/// The standard library's `Mutex`, except with the thread sanitizer, which sees pthread's locks alone
/// and would take whatever a `Mutex` orders for races. Unchecked: the compiler cannot see that the lock
/// guards the memory of that variant.
public struct Guarded<Value: ~Copyable>: ~Copyable, @unchecked Sendable {
  #if THREAD_SANITIZER
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private let value: UnsafeMutablePointer<Value>

    /// Takes a value.
    public init(_ value: consuming sending Value) {
      lock = .allocate(capacity: 1)
      lock.initialize(to: pthread_mutex_t())
      pthread_mutex_init(lock, nil)
      self.value = .allocate(capacity: 1)
      self.value.initialize(to: value)
    }

    deinit {
      pthread_mutex_destroy(lock)
      lock.deallocate()
      value.deinitialize(count: 1)
      value.deallocate()
    }

    /// Waits until no other thread uses the value, then lends it.
    public borrowing func withLock<Result: ~Copyable, Failure: Error>(
      _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
      pthread_mutex_lock(lock)
      defer { pthread_mutex_unlock(lock) }
      return try body(&value.pointee)
    }
  #else
    @usableFromInline let mutex: Mutex<Value>

    /// Takes a value.
    @inlinable public init(_ value: consuming sending Value) { mutex = Mutex(value) }

    /// Waits until no other thread uses the value, then lends it.
    @inlinable public borrowing func withLock<Result: ~Copyable, Failure: Error>(
      _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
      try mutex.withLock(body)
    }
  #endif
}
