import Testing
import Textures

@Suite struct UniformPatternsTests {
  @Test("58 uniform codes have bins of their own, the others share one") func bins() {
    let uniform = (UInt8.min...UInt8.max).filter { UniformPatterns.transitions(of: $0) <= 2 }
    #expect(uniform.count == 58)
    #expect(uniform.map { UniformPatterns.bins[Int($0)] } == Array(0..<58))
    #expect(UniformPatterns.bins.count { $0 == 58 } == 198)
  }

  @Test(
    "transitions counted by hand",
    arguments: [
      (0b0000_0000, 0), (0b1111_1111, 0), (0b0001_1100, 2), (0b1000_0001, 2), (0b0101_0101, 8),
      (0b0101_0000, 4), (0b0110_1101, 6),
    ] as [(UInt8, Int)])
  func transitions(code: UInt8, count: Int) {
    #expect(UniformPatterns.transitions(of: code) == count)
  }
}
