import Foundation
import Testing

@testable import KernelSupport

@Suite struct BufferPoolTests {
  /// The kernel's flags of the memory that `address` lies in, as proc(5) has them: "hg" where huge pages
  /// were asked for.
  private static func flags(of address: UInt) throws -> [Substring] {
    var isInside = false
    let maps = try FileHandle(forReadingFrom: URL(filePath: "/proc/self/smaps"))
    let text = String(decoding: try maps.readToEnd() ?? Data(), as: UTF8.self)
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      let bounds = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
      if bounds.count == 2 {
        isInside = bounds[0] <= address && address < bounds[1]
      } else if isInside && words[0] == "VmFlags:" {
        return Array(words.dropFirst())
      }
    }
    return []
  }

  @Test("large blocks ask for huge pages where the system has them") func hugePages() throws {
    let hasThem = FileManager.default.fileExists(atPath: "/sys/kernel/mm/transparent_hugepage")
    let count = 3 * BufferPool.hugePage / 4
    let block = BufferPool.take(count)
    defer { BufferPool.give(block, count) }
    let address = UInt(bitPattern: block)
    #expect(address % UInt(BufferPool.hugePage) == 0)
    #expect(try Self.flags(of: address).contains("hg") == hasThem)
  }
}
