private import Foundation
private import Locks
private import Presentation
private import Screening
private import UseCases

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
  /// - `emit`: writes one answer; false if nobody reads any more, which ends the session.
  public convenience init(
    _ service: VerdictService, jobs: Int, emit: @escaping @Sendable (String) -> Bool
  ) {
    self.init(service, jobs: jobs, emit: emit) { stack, work in
      OwnThread.start(stackSize: stack, work)
    }
  }

  package init(
    _ service: VerdictService, jobs: Int, emit: @escaping @Sendable (String) -> Bool,
    start: @escaping StartThread
  ) {
    precondition(jobs >= 1, "\(jobs) jobs; at least 1 is needed")
    (self.service, self.jobs, self.emit) = (service, jobs, emit)
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

  /// An answer as a line, without its end, and the exit status that it stands for.
  private struct Answer {
    let text: String
    let exitCode: Int32

    init(_ answer: some Presentable) throws {
      (text, exitCode) = (try answer.line(), answer.exitCode)
    }

    /// What is left to say if an answer cannot be written.
    init() { (text, exitCode) = (#"{"decision":"deny"}"#, 2) }
  }

  /// Writes every answer whose turn it is.
  private func finish(_ number: Int, _ line: Line, _ answer: Answer) {
    condition.lock()
    defer { condition.unlock() }
    held -= line.size
    worst = max(worst, answer.exitCode)
    answered[number] = answer.text
    while !isBroken, let answer = answered.removeValue(forKey: next) {
      if emit(answer + "\n") { next += 1 } else { isBroken = true }
    }
    condition.broadcast()
  }

  private func answer(_ line: Line) -> Answer {
    let bytes: [UInt8]
    switch line {
    case .tooLong(let limit):
      return undecided(
        .verify, .bodyTooLarge(limit: limit), reason: "the line has more than \(limit) bytes")
    case .bytes(let content): bytes = content
    }
    let members: RequestMembers
    do throws(Problem) {
      members = try RequestMembers(json: bytes)
    } catch {
      let reason =
        error == .noObject ? "expected a JSON object with probe and reference" : "\(error)"
      return undecided(.verify, error, reason: "the line is no request: \(reason)")
    }
    var use = LineUse.verify
    do {
      use = try members.use
      switch use {
      case .verify: return try Answer(service.verdict(on: members, isLine: true))
      case .screen: return try Answer(service.screening(of: members, isLine: true))
      case .embed: return try Answer(service.embedding(of: members, isLine: true))
      case .find: return try Answer(service.faces(of: members, isLine: true))
      }
    } catch {
      let problem = Problem(error)
      // Where this process failed, a log's words do not help who reads the pipe.
      let isOwn = problem.code == Problem.internalError.code
      return undecided(
        use, problem, reason: isOwn ? "the check itself failed" : nil, id: try? members.id)
    }
  }

  /// The answer of a line that has none, in the form that its use case has.
  private func undecided(
    _ use: LineUse, _ problem: Problem, reason: String? = nil, id: String? = nil
  ) -> Answer {
    var problem = problem
    if let reason { problem.detail = reason }
    let answer: Answer? =
      switch use {
      case .verify:
        try? Answer(Verdict.undecided(problem.detail, code: problem.code, id: id))
      case .screen: try? Answer(PictureVerdict.undecided(problem, id: id))
      case .embed: try? Answer(PictureEmbedding.undecided(problem, id: id))
      case .find: try? Answer(PictureFaces.undecided(problem, id: id))
      }
    return answer ?? Answer()
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
