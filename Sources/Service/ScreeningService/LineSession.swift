private import Foundation
public import Screening
private import Locks

/// Answers lines of JSON with one verdict line each, in order, several at work at a time.
///
/// Unchecked: everything that changes is only touched with `condition` held.
public final class LineSession: @unchecked Sendable {
  /// A line of the input.
  public enum Line: Sendable {
    /// Its bytes without the end.
    case bytes([UInt8])
    /// It had more bytes than the limit, and was skipped.
    case tooLong(limit: Int)
  }

  /// How a session ended.
  public struct Outcome: Equatable, Sendable {
    /// The worst exit status of all answers; 0 if all were accepted, 2 if there was no line.
    public var worst: Int32
    /// Lines answered.
    public var count: Int
    /// Whether somebody read all the answers.
    public var isComplete: Bool
  }

  /// Bytes of lines held at a time, beyond the first.
  private static let heldLimit = 64 << 20

  private let service: VerdictService
  private let file: @Sendable (PictureRequest) throws -> FacePicture
  private let emit: @Sendable (String) -> Bool
  private let jobs: Int
  private let start: StartThread
  private let condition = NSCondition()
  private var waiting: [(number: Int, line: Line)] = []
  private var answered: [Int: String] = [:]
  private var next = 0
  private var read = 0
  private var held = 0
  private var isAtEnd = false
  private var isBroken = false
  private var worst: Int32 = 0
  private var running = 0

  /// Starts a thread with a stack of so many bytes; false if the system has none to give.
  package typealias StartThread = (Int, @escaping @Sendable () -> Void) -> Bool

  /// Creates a session.
  ///
  /// - `jobs`: how many lines are worked on at a time, at least 1; fewer where the system has fewer
  ///   threads to give.
  /// - `file`: reads the picture that a line names.
  /// - `emit`: writes one answer; false if nobody reads any more, which ends the session.
  public convenience init(
    _ service: VerdictService, jobs: Int,
    file: @escaping @Sendable (PictureRequest) throws -> FacePicture,
    emit: @escaping @Sendable (String) -> Bool
  ) {
    self.init(service, jobs: jobs, file: file, emit: emit) { stack, work in
      OwnThread.start(stackSize: stack, work)
    }
  }

  package init(
    _ service: VerdictService, jobs: Int,
    file: @escaping @Sendable (PictureRequest) throws -> FacePicture,
    emit: @escaping @Sendable (String) -> Bool, start: @escaping StartThread
  ) {
    precondition(jobs >= 1, "\(jobs) jobs; at least 1 is needed")
    (self.service, self.jobs, self.file, self.emit) = (service, jobs, file, emit)
    self.start = start
  }

  /// Answers every line until there is none; to be called once.
  public func run(lines: () -> Line?) -> Outcome {
    var isAlone = true
    for _ in 0..<jobs where startWorker() { isAlone = false }
    while let line = lines(), add(line) {
      // Where the system has no thread to give, this one does the work.
      if isAlone, let (number, line) = take() { finish(number, line, answer(line)) }
    }
    condition.lock()
    isAtEnd = true
    condition.broadcast()
    while running > 0 { condition.wait() }
    defer { condition.unlock() }
    return Outcome(
      worst: next == 0 ? 2 : worst, count: next, isComplete: !isBroken)
  }

  /// Waits until there is room; false if nobody reads the answers.
  private func add(_ line: Line) -> Bool {
    let size = line.size
    condition.lock()
    defer { condition.unlock() }
    // What is read and not written is bounded: in number also when a slow line holds the others up.
    while !isBroken && read > next && (read - next >= 4 * jobs || held + size > Self.heldLimit) {
      condition.wait()
    }
    guard !isBroken else { return false }
    waiting.append((read, line))
    (read, held) = (read + 1, held + size)
    condition.broadcast()
    return true
  }

  /// Whether the system had a thread to give.
  private func startWorker() -> Bool {
    condition.withLock { running += 1 }
    // Networks in a debug build need more than half a megabyte.
    let isStarted = start(8 << 20) { [self] in
      while let (number, line) = take() { finish(number, line, answer(line)) }
      condition.withLock {
        running -= 1
        condition.broadcast()
      }
    }
    if !isStarted { condition.withLock { running -= 1 } }
    return isStarted
  }

  private func take() -> (Int, Line)? {
    condition.lock()
    defer { condition.unlock() }
    while waiting.isEmpty && !isAtEnd && !isBroken { condition.wait() }
    return waiting.isEmpty || isBroken ? nil : waiting.removeFirst()
  }

  /// Writes every answer whose turn it is.
  private func finish(_ number: Int, _ line: Line, _ verdict: Verdict) {
    var text = try? verdict.line()
    if text == nil {
      text = try? Verdict.undecided("the answer cannot be written as JSON").line()
    }
    condition.lock()
    defer { condition.unlock() }
    held -= line.size
    worst = max(worst, text == nil ? 2 : verdict.exitCode)
    answered[number] = text ?? #"{"decision":"deny"}"#
    while !isBroken, let answer = answered.removeValue(forKey: next) {
      if emit(answer + "\n") { next += 1 } else { isBroken = true }
    }
    condition.broadcast()
  }

  private func answer(_ line: Line) -> Verdict {
    let bytes: [UInt8]
    switch line {
    case .tooLong(let limit): return .undecided("the line has more than \(limit) bytes")
    case .bytes(let content): bytes = content
    }
    let members: RequestMembers
    do throws(ServiceProblem) {
      members = try RequestMembers(json: bytes)
    } catch .noObject {
      return .undecided("the line is no request: expected a JSON object with probe and reference")
    } catch {
      return .undecided("the line is no request: \(error)")
    }
    do {
      return try service.verdict(on: members, file: file)
    } catch {
      return .undecided("\(error)", id: try? members.id)
    }
  }
}

extension LineSession.Line {
  var size: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    case .tooLong: 0
    }
  }
}
