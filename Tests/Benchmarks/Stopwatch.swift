import Glibc
import Tensors

/// Times of runs, by the monotonic clock.
enum Stopwatch {
  /// The seconds that `body` takes.
  static func seconds(_ body: () -> Void) -> Double {
    let start = now
    body()
    return now - start
  }

  /// The seconds of each of `count` runs.
  ///
  /// - Precondition: every output is finite; a fast wrong kernel shall not pass for a fast one.
  static func seconds(of run: () -> ParameterTable, runs count: Int) -> [Double] {
    var last = ParameterTable()
    let times = (0..<count).map { _ in seconds { last = run() } }
    precondition(last.isFinite, "an output is infinite or not a number")
    return times
  }

  /// The seconds of up to 31 runs after a warm-up, fewer where they would take over two seconds.
  static func samples(of prepared: PreparedCase) -> [Double] {
    let warm = seconds(of: prepared.run, runs: 2)[1]
    return seconds(of: prepared.run, runs: max(5, min(31, Int(2 / max(warm, 1e-6)))))
  }

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
