import Foundation
import TestSupport
import Testing

@testable import facewarden

@Suite struct MemoryTests {
  private let need = MemoryNeed(
    models: 200, pictures: 500, bodies: 90, longestBody: 20, workers: 4, processors: 2)

  @Test("what settings may need is added up, and refused beyond the limit") func sums() throws {
    #expect(need.copies == 3 * 80 && need.groups == 2)
    #expect(need.total == 200 + 500 + 90 + 240 + 2 * MemoryNeed.bytesOfGroup)
    try need.check(limit: nil)
    try need.check(limit: need.total)
    #expect(throws: MemoryError(need: need, limit: need.total - 1)) {
      try need.check(limit: need.total - 1)
    }
    let large = MemoryNeed(
      models: 0, pictures: 0, bodies: 90, longestBody: .max, workers: 9, processors: 2)
    #expect(large.copies == 270)
  }

  @Test("the smallest limit of all groups above the process counts, in both versions") func limits()
    throws
  {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func put(_ text: String, _ path: String) throws {
      let url = URL(fileURLWithPath: folder + "/" + path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    func limit(_ groups: String) throws -> Int? {
      try put(groups, "cgroup")
      return MemoryLimit.ofControlGroups(
        processes: folder + "/cgroup", groups: folder + "/fs")
    }
    #expect(try limit("0::/\n") == nil)
    try put("max\n", "fs/a/b/memory.max")
    try put("3000\n", "fs/a/memory.max")
    #expect(try limit("0::/a/b\n") == 3000)
    try put("2000\n", "fs/a/b/memory.max")
    #expect(try limit("0::/a/b\n") == 2000)
    // In a container the path is that of the machine, and the limit lies at the top.
    try put("1000\n", "fs/memory.max")
    #expect(try limit("0::/machine/path\n") == 1000)
    try put("9223372036854771712\n", "fs/memory/memory.limit_in_bytes")
    #expect(try limit("4:cpu,memory:/\n2:pids:/x\n") == nil)
    try put("500\n", "fs/memory/docker/memory.limit_in_bytes")
    #expect(try limit("4:memory:/docker\n") == 500)
    #expect(MemoryLimit.ofControlGroups(processes: folder + "/none", groups: folder) == nil)
  }

  @Test(
    "a service whose settings may need more than its control group or the machine has does not start",
    .enabled(if: Tool.hasModels, "needs models/ and samples/"))
  func refusedStart() throws {
    let limit = MemoryLimit.ofThisProcess
    #expect(limit <= Int(clamping: ProcessInfo.processInfo.physicalMemory))
    let run = try Tool.run(["serve", "--port", "0", "--picture-memory", "\(limit)"])
    #expect(run.status == 2 && run.words.contains("--picture-memory"), "\(run.words)")
  }
}
