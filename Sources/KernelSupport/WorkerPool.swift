private import CProcessor
private import Dispatch
private import Glibc
private import Synchronization

/// A few threads that run the iterations of one loop at a time.
///
/// Waiting threads spin for a fraction of a millisecond before they sleep, so that the many short
/// loops of one inference cost little more than a function call each, also where something small runs
/// on one thread in between. (Waking a sleeping processor takes 50 to 200 µs on a virtual machine.) A loop that is started while another
/// one runs (by another thread, or from inside an iteration) runs on the calling thread alone.
///
/// Unchecked: `body`, `count` and `generation` are written by the thread that holds `owner`, and
/// read by workers only between the release of `generation` and their own report to `pending`.
public final class WorkerPool: @unchecked Sendable {
  /// The pool that the kernels use: one thread for each processor that this process may run on.
  ///
  /// These are fewer than the machine has under `taskset`, or in a container bound to some; threads
  /// beyond them would spin in each other's way.
  public static let shared = WorkerPool(threads: Int(facewarden_usable_processors()))

  /// The number of threads that a loop may use, the caller's included.
  public let threads: Int

  /// At most this many threads take part in a loop; 1 makes every loop serial.
  public var limit: Int {
    get { limitStorage.load(ordering: .relaxed) }
    set { limitStorage.store(max(1, newValue), ordering: .relaxed) }
  }

  private let limitStorage: Atomic<Int>
  private let owner = Atomic<Bool>(false)
  private let generation = Atomic<Int>(0)
  private let next = Atomic<Int>(0)
  private let pending = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let wake = DispatchSemaphore(value: 0)
  private var count = 0
  private var participants = 0
  private var body: ((Int) -> Void)?

  /// Nanoseconds that a thread waits for the next loop before it sleeps.
  private static let patience: UInt64 = 300_000
  /// Rounds of the waiting loop between two looks at the clock: about a microsecond, or three where
  /// a pause takes longer.
  private static let spins = 64

  /// Creates a pool of `threads - 1` worker threads.
  ///
  /// The workers live as long as the process.
  public init(threads: Int) {
    precondition(threads >= 1, "a pool of \(threads) threads; at least 1 is needed")
    self.threads = threads
    limitStorage = Atomic(threads)
    for index in 1..<max(threads, 1) {
      let worker = Thread(pool: self, index: index)
      var handle = pthread_t()
      pthread_create(
        &handle, nil,
        { context in
          guard let context else { return nil }
          let worker = Unmanaged<Thread>.fromOpaque(context).takeRetainedValue()
          worker.pool.serve(worker.index)
          return nil
        }, Unmanaged.passRetained(worker).toOpaque())
      pthread_detach(handle)
    }
  }

  private final class Thread {
    let pool: WorkerPool
    let index: Int
    init(pool: WorkerPool, index: Int) { (self.pool, self.index) = (pool, index) }
  }

  /// Runs `body(0)` … `body(count - 1)`, in any order, several at a time.
  ///
  /// Which thread runs an iteration is left to chance, so a result must not depend on it.
  public func forEach(_ count: Int, _ body: (Int) -> Void) {
    let workers = min(limit, threads, count)
    guard workers > 1,
      owner.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else {
      for index in 0..<max(0, count) { body(index) }
      return
    }
    withoutActuallyEscaping(body) { body in
      self.count = count
      self.participants = workers
      self.body = body
      next.store(0, ordering: .relaxed)
      pending.store(threads - 1, ordering: .relaxed)
      generation.add(1, ordering: .sequentiallyConsistent)
      let asleep = sleepers.exchange(0, ordering: .sequentiallyConsistent)
      for _ in 0..<asleep { wake.signal() }
      drain(count, body)
      var waits = 0
      while pending.load(ordering: .acquiring) > 0 {
        waits += 1
        // A preempted worker needs this core more than the waiting loop does.
        if waits > 20 * Self.spins { sched_yield() } else { facewarden_processor_pause() }
      }
      self.body = nil
    }
    owner.store(false, ordering: .releasing)
  }

  private func drain(_ count: Int, _ body: (Int) -> Void) {
    while true {
      let index = next.add(1, ordering: .relaxed).oldValue
      if index >= count { return }
      body(index)
    }
  }

  private func serve(_ index: Int) {
    var seen = 0
    while true {
      var waits = 0
      var start: UInt64 = 0
      while generation.load(ordering: .acquiring) == seen {
        waits += 1
        if waits % Self.spins != 0 {
          facewarden_processor_pause()
          continue
        }
        let now = monotonicNanoseconds()
        if start == 0 { start = now }
        if now - start >= Self.patience {
          sleepers.add(1, ordering: .sequentiallyConsistent)
          if generation.load(ordering: .sequentiallyConsistent) != seen {
            // A loop began meanwhile. Whoever took the count down owes a signal; take it.
            if !withdraw() { wake.wait() }
          } else {
            wake.wait()
          }
          start = 0
        }
      }
      seen = generation.load(ordering: .acquiring)
      takePart(index)
      pending.subtract(1, ordering: .releasing)
    }
  }

  /// Works on the current loop.
  ///
  /// Not inlined: this thread's reference to `body` must be gone before it reports.
  @inline(never) private func takePart(_ index: Int) {
    if index < participants, let body { drain(count, body) }
  }

  /// Takes this thread out of the sleepers; false if it was already counted as woken.
  private func withdraw() -> Bool {
    var current = sleepers.load(ordering: .sequentiallyConsistent)
    while current > 0 {
      let (exchanged, original) = sleepers.compareExchange(
        expected: current, desired: current - 1, ordering: .sequentiallyConsistent)
      if exchanged { return true }
      current = original
    }
    return false
  }
}

/// Nanoseconds of a clock that never goes back.
private func monotonicNanoseconds() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
