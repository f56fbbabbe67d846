import Foundation
import Testing

@testable import Reports

@Suite struct AxisTests {
  @Test("a larger value never lies further left", arguments: [Axis.Scale.linear, .logarithmic])
  func monotone(scale: Axis.Scale) throws {
    let axis = Axis("x", scale: scale, range: 0.001...1).fitted(to: [])
    let values = (1...1000).map { Double($0) / 1000 }
    let positions = values.compactMap { axis.position(of: $0) }
    #expect(positions.count == 1000)
    #expect(zip(positions, positions.dropFirst()).allSatisfy { $0 < $1 })
    #expect(positions[0] == 0 && abs(positions[999] - 1) < 1e-12)
  }

  @Test("what has no place on a scale has no position") func nowhere() {
    let linear = Axis("x", range: -1...1).fitted(to: [])
    let logarithmic = Axis("x", scale: .logarithmic, range: 0.1...1).fitted(to: [])
    for value in [Double.nan, .infinity, -.infinity] {
      #expect(linear.position(of: value) == nil)
      #expect(logarithmic.position(of: value) == nil)
    }
    #expect(linear.position(of: 0) == 0.5)
    #expect(logarithmic.position(of: 0) == nil && logarithmic.position(of: -1) == nil)
  }

  @Test("a range that is not given holds the data, and a single value has room")
  func fitting() {
    #expect(Axis("x").fitted(to: [3, .nan, -2, 5]).range == -2...5)
    #expect(Axis("x", scale: .logarithmic).fitted(to: [0, 0.5, -1, 4]).range == 0.5...4)
    for values in [[], [.nan], [7.0], [0.0]] {
      for scale in [Axis.Scale.linear, .logarithmic] {
        let range = Axis("x", scale: scale).fitted(to: values).range
        #expect(range.lowerBound < range.upperBound)
      }
    }
  }

  struct Case: CustomTestStringConvertible, Sendable {
    let scale: Axis.Scale
    let range: ClosedRange<Double>
    let labels: [String]
    var testDescription: String { "\(scale) \(range)" }
  }

  @Test(
    "ticks are round numbers within the range",
    arguments: [
      Case(scale: .linear, range: 0...1, labels: ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
      Case(scale: .linear, range: 0...4, labels: ["0", "1", "2", "3", "4"]),
      Case(scale: .linear, range: -0.05...0.05, labels: ["−0.04", "−0.02", "0", "0.02", "0.04"]),
      Case(scale: .linear, range: 0...2000, labels: ["0", "500", "1000", "1500", "2000"]),
      Case(
        scale: .logarithmic, range: 0.0001...1, labels: ["0.0001", "0.001", "0.01", "0.1", "1"]),
      Case(scale: .logarithmic, range: 1...20, labels: ["1", "2", "5", "10", "20"]),
      Case(
        scale: .logarithmic, range: 1e-6...0.01,
        labels: ["1e-6", "1e-5", "0.0001", "0.001", "0.01"]),
    ])
  func ticks(_ sample: Case) {
    let ticks = Axis("x", scale: sample.scale, range: sample.range).fitted(to: []).ticks
    #expect(ticks.map(\.label) == sample.labels)
  }

  @Test("odd ranges give finite, few ticks", arguments: [1e-300...1e300, 0...1e-12, 1e15...1.1e15])
  func oddRanges(range: ClosedRange<Double>) {
    for scale in [Axis.Scale.linear, .logarithmic] where scale == .linear || range.lowerBound > 0 {
      let ticks = Axis("x", scale: scale, range: range).fitted(to: []).ticks
      #expect(ticks.count <= 30 && ticks.allSatisfy { $0.value.isFinite })
    }
  }
}
