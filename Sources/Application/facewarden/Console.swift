import JSON
import Checkpoints
import FaceDatasets
import Foundation
import Training

/// Words for people, on standard error; data goes to standard output.
enum Console {
  /// Prints why something failed, in one line.
  static func error(_ text: String) { write("error: " + text.asOneLine + "\n") }

  /// Prints a line of words.
  static func say(_ text: String) { write(text.escapingControls + "\n") }

  /// Tells what a data set left out: how much, and the first few by name.
  static func say(_ report: DatasetReport, naming count: Int = 5) {
    say("\(report)")
    for omission in report.omissions.prefix(count) { say("  \("\(omission)".asOneLine)") }
    if report.omissions.count > count { say("  and \(report.omissions.count - count) more") }
  }

  /// Shows where a long work stands: over the last such line on a terminal, else on its own.
  static func progress(_ text: String) {
    let words = text.escapingControls
    write(isatty(STDERR_FILENO) == 1 ? "\r\u{1B}[K\(words)" : words + "\n")
  }

  /// Ends a line of progress.
  static func endProgress() {
    if isatty(STDERR_FILENO) == 1 { write("\n") }
  }

  /// Shows a training's progress: position, rate, time left and what was measured.
  static func progress(_ progress: TrainingProgress) {
    let share = String(format: "%5.1f %%", 100 * Double(progress.step) / Double(progress.total))
    let rate = String(format: "%.0f pictures/s", progress.rate)
    let values = progress.values.map { "\($0.name) \(String(format: "%.4g", $0.value))" }
    Self.progress(
      "\(share)  step \(progress.step)/\(progress.total)  \(rate)  "
        + "\(duration(progress.secondsLeft)) left  \(values.joined(separator: "  "))")
  }

  /// Seconds as hours, minutes and seconds.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite else { return "?" }
    let whole = Int(seconds.rounded())
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    return hours > 0
      ? "\(hours) h \(minutes) min" : minutes > 0 ? "\(minutes) min \(whole % 60) s" : "\(whole) s"
  }

  /// Words that nobody can be told are lost; the work and its status stay the same.
  private static func write(_ text: String) {
    _ = Output.send(Array(text.utf8), to: STDERR_FILENO)
  }
}
