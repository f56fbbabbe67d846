import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Images

@Suite struct PictureMemoryTests {
  @Test("pictures at work never take more than the limit together, and all get their turn")
  func bound() {
    let memory = PictureMemory(limit: 100 * PictureMemory.bytesPerPixel)
    let most = Atomic<Int>(0)
    let done = Atomic<Int>(0)
    let alone = Atomic<Bool>(true)
    let atWork = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: 64) { index in
      // The last ones of ten are larger than all of it: they work alone.
      let pixels = [10, 30, 60, 100, 1000][index % 5]
      memory.withRoom(forPixels: pixels) {
        let others = atWork.add(1, ordering: .sequentiallyConsistent).oldValue
        most.max(memory.inUse, ordering: .sequentiallyConsistent)
        if pixels >= 100 && others > 0 { alone.store(false, ordering: .sequentiallyConsistent) }
        usleep(1000)
        atWork.subtract(1, ordering: .sequentiallyConsistent)
      }
      done.add(1, ordering: .sequentiallyConsistent)
    }
    let (peak, finished, wereAlone) = (
      most.load(ordering: .sequentiallyConsistent), done.load(ordering: .sequentiallyConsistent),
      alone.load(ordering: .sequentiallyConsistent)
    )
    #expect(peak <= memory.limit && finished == 64 && wereAlone)
    #expect(memory.inUse == 0)
  }

  @Test("room is given back when the work fails, and when the limit has changed meanwhile")
  func returned() {
    let memory = PictureMemory(limit: 1000)
    #expect(throws: CancellationError.self) {
      try memory.withRoom(forPixels: 1_000_000) {
        memory.limit = 10
        throw CancellationError()
      }
    }
    #expect(memory.inUse == 0)
    #expect(memory.withRoom(forPixels: .max) { memory.inUse } == 10)
  }

  @Test("the size that a file promises is that of the picture") func pixelCounts() throws {
    for name in ["rgb.png", "rgba.png", "rgb.jpg", "progressive.jpg", "lossy.webp", "alpha.webp"] {
      let bytes = try golden(name)
      let image = try RGBImage.decode(bytes, name: name).image
      #expect(RGBImage.pixelCount(of: bytes) == image.width * image.height, "\(name)")
      for length in 0..<bytes.count { _ = RGBImage.pixelCount(of: Array(bytes.prefix(length))) }
    }
    #expect(RGBImage.pixelCount(of: []) == 0 && RGBImage.pixelCount(of: [1, 2]) == 0)
  }
}
