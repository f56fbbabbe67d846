private import Glibc

/// Where the workers of a pool sleep.
///
/// Unchecked: the lock and the condition are made for many threads.
final class Alarm: @unchecked Sendable {
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    lock.initialize(to: pthread_mutex_t())
    condition.initialize(to: pthread_cond_t())
    pthread_mutex_init(lock, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(lock)
    condition.deallocate()
    lock.deallocate()
  }

  /// Sleeps while `isQuiet` holds; it is asked with the lock held, so no ``ring()`` is missed.
  func sleep(while isQuiet: () -> Bool) {
    pthread_mutex_lock(lock)
    while isQuiet() { pthread_cond_wait(condition, lock) }
    pthread_mutex_unlock(lock)
  }

  /// Wakes all sleepers.
  func ring() {
    pthread_mutex_lock(lock)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(lock)
  }
}
