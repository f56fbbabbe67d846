private import Glibc

/// Threads that end with their work, and whose failure to start is told.
///
/// Foundation's `Thread` starts nothing, and says so to nobody, where the system has no thread to give.
public enum OwnThread {
  /// Runs `work` on a thread of its own; false if the system has none to give.
  ///
  /// - `stackSize`: bytes; the system's usual size if not given.
  /// - `onIdleProcessors`: whether any other thread goes before this one. Nobody should wait for what it
  ///   does, nor for a lock that it holds for long.
  public static func start(
    stackSize: Int? = nil, onIdleProcessors: Bool = false, _ work: @escaping @Sendable () -> Void
  ) -> Bool {
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return false }
    defer { pthread_attr_destroy(&attributes) }
    if let stackSize { pthread_attr_setstacksize(&attributes, stackSize) }
    let context = Unmanaged.passRetained(
      Work {
        if onIdleProcessors { stepBack() }
        work()
      })
    var handle = pthread_t()
    let status = pthread_create(
      &handle, &attributes,
      { context in
        guard let context else { return nil }
        Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, context.toOpaque())
    guard status == 0 else {
      context.release()
      return false
    }
    pthread_detach(handle)
    return true
  }

  /// Lets all other threads go before the calling one. A system that refuses leaves it as it is.
  private static func stepBack() {
    var parameters = sched_param()
    // SCHED_IDLE, which the C library's headers have for programs of GNU's alone.
    _ = sched_setscheduler(0, 5, &parameters)
  }

  private final class Work {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
}
