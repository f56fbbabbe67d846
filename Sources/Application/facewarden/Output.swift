import JSON
import Foundation
import Presentation
import UseCases

/// Why an answer did not reach its reader.
struct OutputError: Error, CustomStringConvertible {
  let reason: String

  var description: String { "standard output cannot be written: \(reason)" }
}

/// Answers for programs and people, on standard output.
///
/// An answer that nobody got is a failure: every write is checked, so that the status is 2.
enum Output {
  /// Writes a text and a line end.
  static func line(_ text: String) throws(OutputError) { try write(text + "\n") }

  /// Writes a line for each question, in order: its answer, or the problem that it has; the worst exit status.
  static func answers<Answer: Presentable>(
    _ questions: [String], _ answer: (String) throws(Problem) -> Answer,
    failing: (_ problem: Problem, _ question: String) -> Answer
  ) throws -> Int32 {
    var status: Int32 = 0
    for question in questions {
      let found: Answer
      do throws(Problem) {
        found = try answer(question)
      } catch {
        found = failing(error.told, question)
      }
      status = max(status, found.exitCode)
      try line(found.line())
    }
    return status
  }

  /// Writes a text at once, its control characters but line ends escaped.
  static func write(_ text: String) throws(OutputError) {
    let bytes = Array(text.escapingControls.utf8)
    guard send(bytes, to: STDOUT_FILENO) else {
      throw OutputError(reason: String(cString: strerror(errno)))
    }
  }

  /// Writes all bytes; false if that fails, with the reason in `errno`.
  static func send(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Foundation.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      if count < 0 && errno == EAGAIN {
        var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&room, 1, 100)
        continue
      }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }
}

/// The three descriptors that every program is given.
enum StandardStreams {
  /// Puts something that fails in the place of a closed stream.
  ///
  /// Otherwise the next file that is opened takes its number, and gets what is meant for people. A
  /// reader that went away is an error of the write, and no end of the process.
  static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is this one. Opened the wrong way: reading and writing both fail.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}
