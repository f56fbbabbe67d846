import Metrics
import Testing

@Suite struct HistogramTests {
  @Test("bins hold their lower end, the last one both") func bins() {
    let histogram = Histogram([-0.1, 0, 0.49, 0.5, 1, 1.5, 2, 2.1, 9], binCount: 4, range: 0...2)
    #expect(histogram.counts == [2, 1, 1, 2])
    #expect(histogram.below == 1)
    #expect(histogram.above == 2)
    #expect(histogram.edges == [0, 0.5, 1, 1.5, 2])
  }

  @Test("no scores give empty bins") func empty() {
    #expect(Histogram([], binCount: 2, range: -1...1).counts == [0, 0])
  }
}
