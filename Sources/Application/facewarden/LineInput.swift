import Foundation
import ScreeningService

/// Lines of standard input, each bounded in length, until the end or until the process is asked to stop.
struct LineInput {
  private let limit: Int
  private var buffer: [UInt8] = []
  /// Where unread bytes begin, and how far they hold no end of a line.
  private var (start, searched) = (0, 0)
  private var isSkipping = false
  private var isAtEnd = false

  init(limit: Int) { self.limit = limit }

  /// The next line; nil at the end.
  mutating func next() -> LineSession.Line? {
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { (start, searched) = (end + 1, end + 1) }
        if isSkipping || end - start > limit {
          isSkipping = false
          return .tooLong(limit: limit)
        }
        return .bytes(Array(buffer[start..<end]))
      }
      searched = buffer.count
      if searched - start > limit || isSkipping {
        isSkipping = true
        start = searched
      }
      if isAtEnd {
        defer { (start, isSkipping) = (searched, false) }
        if isSkipping { return .tooLong(limit: limit) }
        return start < searched ? .bytes(Array(buffer[start...])) : nil
      }
      if start > 0 {
        buffer.removeFirst(start)
        (start, searched) = (0, searched - start)
      }
      fill()
    }
  }

  /// Reads once; the wait ends soon after the process is asked to stop.
  private mutating func fill() {
    var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    repeat {
      if Interruption.isRequested {
        isAtEnd = true
        // Half a line is no request.
        (start, searched) = (buffer.count, buffer.count)
        return
      }
      // -1: a signal came, perhaps the one that asks to stop.
    } while poll(&input, 1, 100) < 1
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    let count = piece.withUnsafeMutableBytes { read(STDIN_FILENO, $0.baseAddress, $0.count) }
    if count > 0 {
      buffer.append(contentsOf: piece[..<count])
    } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
      isAtEnd = true
    }
  }
}
