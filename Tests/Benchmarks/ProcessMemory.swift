import Foundation

/// The memory of this process that is really there (resident), in bytes.
enum ProcessMemory {
  /// What is resident now.
  static var resident: Int { status("VmRSS") }

  /// The most that was resident since the start, or since ``forgetPeak()``.
  static var peak: Int { status("VmHWM") }

  /// Makes ``peak`` start anew from what is resident now.
  static func forgetPeak() {
    try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
  }

  /// A line of proc(5), `VmRSS:  1234 kB`.
  private static func status(_ name: String) -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
    let words = line?.split(whereSeparator: \.isWhitespace) ?? []
    return words.count > 1 ? 1024 * (Int(words[1]) ?? 0) : 0
  }
}
