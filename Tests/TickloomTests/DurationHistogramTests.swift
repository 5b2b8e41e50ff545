import Testing

@testable import Tickloom

/// The histogram of durations, against the sorted values themselves.
struct DurationHistogramTests {
  private static func values(_ seed: UInt64, _ count: Int) -> [Int64] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      // All magnitudes up to 17 minutes alike.
      return Int64(state >> 24) >> Int64(state >> 8 & 31)
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
  func `a quantile is that of the sorted values, at most an eighth longer`(seed: UInt64) throws {
    let values = Self.values(seed, 1 + Int(seed) * 397)
    let histogram = DurationHistogram()
    for value in values { histogram.record(value) }
    let durations = histogram.durations()
    let sorted = values.sorted()
    #expect(durations.count == UInt64(values.count))
    #expect(durations.longest.count == sorted[sorted.count - 1])
    let mean = try #require(durations.mean)
    #expect(mean.count == values.reduce(0, +) / Int64(values.count))
    for share in [0.001, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 1] {
      let exact = sorted[Int((Double(sorted.count) * share).rounded(.up)) - 1]
      let told = try #require(durations.quantile(share)).count
      #expect(told >= exact && told <= exact + exact / 8, "seed \(seed), share \(share)")
    }
  }

  @Test func `every bin begins where the one before ends`() {
    for bin in 1..<DurationScale.binCount - 1 {
      #expect(DurationScale.bin(DurationScale.longest(bin)) == bin)
      #expect(DurationScale.bin(DurationScale.longest(bin - 1) + 1) == bin)
    }
  }

  @Test func `what is below zero is none, and what is too long is the longest`() throws {
    let histogram = DurationHistogram()
    #expect(histogram.durations().quantile(0.5) == nil)
    #expect(histogram.durations().mean == nil)
    histogram.record(-5)
    #expect(histogram.durations().quantile(1) == .zero)
    histogram.record(.max / 2)
    #expect(histogram.durations().quantile(1) == Nanoseconds(.max / 2))
  }
}
