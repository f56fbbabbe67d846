import Foundation

/// How much memory the system lets this process have.
enum MemoryLimit {
  /// The limit of the control groups, or all the memory of the machine if that is less, in bytes.
  static var ofThisProcess: Int {
    let machine = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    return min(ofControlGroups() ?? machine, machine)
  }

  /// The smallest limit of the control groups that the process is in, in bytes; nil without one.
  ///
  /// - `root`: where the file system of processes is, and below it that of control groups.
  /// - References: Linux, "Control Group v2", `memory.max`; cgroups(7) for version 1.
  static func ofControlGroups(
    processes: String = "/proc/self/cgroup", groups: String = "/sys/fs/cgroup"
  ) -> Int? {
    guard let text = try? String(contentsOfFile: processes, encoding: .utf8) else { return nil }
    var limits: [Int] = []
    for line in text.split(separator: "\n") {
      // Number, controllers, path: "0::/system.slice" or "5:memory:/docker/…".
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let isFirstVersion = parts[1].split(separator: ",").contains("memory")
      guard isFirstVersion || parts[1].isEmpty else { continue }
      let folder = isFirstVersion ? groups + "/memory" : groups
      let file = isFirstVersion ? "memory.limit_in_bytes" : "memory.max"
      // A group above may have the smaller limit; in a container the path may not be there at all.
      var path = String(parts[2])
      while true {
        if let limit = number(in: "\(folder)\(path == "/" ? "" : path)/\(file)") {
          limits.append(limit)
        }
        guard path.count > 1 else { break }
        path = (path as NSString).deletingLastPathComponent
      }
    }
    // Version 1 says "no limit" with the largest number of pages.
    return limits.min().flatMap { $0 < 1 << 60 ? $0 : nil }
  }

  private static func number(in path: String) -> Int? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
    return Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
  }
}
