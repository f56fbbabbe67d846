private import CProcessor
private import Glibc
private import Locks
private import Synchronization

/// A few threads that run the iterations of one loop at a time.
///
/// Waiting threads spin for a fraction of a millisecond before they sleep, so that the many short
/// loops of one inference cost little more than a function call each, also where something small runs
/// on one thread in between. (Waking a sleeping processor takes 50 to 200 µs on a virtual machine.)
/// A loop that is started while another one runs (by another thread, or from inside an iteration)
/// runs on the calling thread alone.
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
  ///
  /// Set once, before anyone else has the pool; the workers do not read it.
  public private(set) var threads: Int

  /// At most this many threads take part in a loop; 1 makes every loop serial.
  public var limit: Int {
    get { min(limitStorage.load(ordering: .relaxed), ceiling) }
    set { limitStorage.store(max(1, newValue), ordering: .relaxed) }
  }

  /// The most threads that any ``limit`` allows: whoever shares the pool out sets that, whoever starts the
  /// process this.
  public var ceiling: Int {
    get { ceilingStorage.load(ordering: .relaxed) }
    set { ceilingStorage.store(max(1, newValue), ordering: .relaxed) }
  }

  private let limitStorage: Atomic<Int>
  private let ceilingStorage = Atomic<Int>(.max)
  private let owner = Atomic<Bool>(false)
  private let generation = Atomic<Int>(0)
  private let pending = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let alarm = Alarm()
  /// The next iteration of each thread's own part of the loop.
  private let next: UnsafeMutablePointer<Atomic<Int>>
  private var count = 0
  private var participants = 0
  private var body: ((Int) -> Void)?

  /// Nanoseconds that a thread waits for the next loop before it sleeps.
  private static let patience: UInt64 = 300_000
  /// Rounds of the waiting loop between two looks at the clock: about a microsecond, or three where
  /// a pause takes longer.
  private static let spins = 64
  /// Counters so far apart that no two share a line of the cache, nor a pair of lines.
  private static let spacing = 16

  /// Creates a pool of `threads - 1` worker threads, or of as many as the system has to give.
  ///
  /// The workers live as long as the process.
  public convenience init(threads: Int) {
    self.init(threads: threads) { OwnThread.start($0) }
  }

  /// Creates a pool whose workers `start` starts; it returns false where there is no thread left.
  init(threads: Int, start: (_ work: @escaping @Sendable () -> Void) -> Bool) {
    precondition(threads >= 1, "a pool of \(threads) threads; at least 1 is needed")
    self.threads = 1
    limitStorage = Atomic(threads)
    next = .allocate(capacity: threads * Self.spacing)
    for place in 0..<threads * Self.spacing { (next + place).initialize(to: Atomic(0)) }
    // Loops wait for every worker that is counted, so one that never started must not be.
    while self.threads < threads {
      let index = self.threads
      guard start({ self.serve(index) }) else { break }
      self.threads += 1
    }
  }

  /// Runs `body(0)` … `body(count - 1)`, in any order, several at a time.
  ///
  /// Which thread runs an iteration is left to chance, so a result must not depend on it.
  public func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
    forEachUnchecked(count, body)
  }

  /// The same without the compiler's checks on what `body` shares between threads: for kernels, whose
  /// loops share nothing but raw pointers into memory of which each iteration writes a part of its own.
  public func forEachUnchecked(_ count: Int, _ body: (Int) -> Void) {
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
      for part in 0..<workers {
        next[part * Self.spacing].store(part * count / workers, ordering: .relaxed)
      }
      pending.store(threads - 1, ordering: .relaxed)
      generation.add(1, ordering: .sequentiallyConsistent)
      // A worker counts itself as asleep before its last look at the generation: one that is not
      // counted here has yet to look.
      if sleepers.load(ordering: .sequentiallyConsistent) > 0 { alarm.ring() }
      drain(0, count, body)
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

  /// Runs the iterations of this thread's part of the loop, then what is left of the others'.
  ///
  /// A part is a stretch of neighbours: where loop after loop goes over the rows of the same pictures, a
  /// thread finds in its cache what it wrote itself.
  private func drain(_ index: Int, _ count: Int, _ body: (Int) -> Void) {
    let parts = participants
    for step in 0..<parts {
      let part = (index + step) % parts
      let counter = next + part * Self.spacing
      let end = (part + 1) * count / parts
      while true {
        let place = counter.pointee.add(1, ordering: .relaxed).oldValue
        if place >= end { break }
        body(place)
      }
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
          alarm.sleep(while: { generation.load(ordering: .sequentiallyConsistent) == seen })
          sleepers.subtract(1, ordering: .sequentiallyConsistent)
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
    if index < participants, let body { drain(index, count, body) }
  }
}

/// Nanoseconds of a clock that never goes back.
private func monotonicNanoseconds() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
