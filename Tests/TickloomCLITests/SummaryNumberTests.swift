import Foundation
import Testing

@testable import TickloomCLI

struct SummaryNumberTests {
  @Test(arguments: [
    (0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"),
    (Int.max, "9,223,372,036,854,775,807"), (Int.min, "-9,223,372,036,854,775,808"),
  ])
  func `groups digits by three`(value: Int, text: String) {
    #expect(SummaryNumber.grouped(value) == text)
  }

  @Test(arguments: [
    (0.0, 2, "0.00"), (-0.001, 2, "0.00"), (-0.83, 2, "-0.83"), (1234.5, 1, "1,234.5"),
    (0.05, 1, "0.1"), (999.999, 2, "1,000.00"), (2, 0, "2"), (.nan, 2, "NaN"),
    (.infinity, 2, "inf"), (-.infinity, 0, "-inf"), (1e300, 2, "1.0e+300"),
  ])
  func `rounds to decimals`(value: Double, decimals: Int, text: String) {
    #expect(SummaryNumber.fixed(value, decimals: decimals) == text)
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func `rounds as printf does`(seed: UInt64) {
    var random = SummarySamples.Random(state: seed)
    for _ in 0..<500 {
      let value = (random.uniform() - 0.5) * 1e5
      let decimals = Int(random.uniform() * 7)
      let text = SummaryNumber.fixed(value, decimals: decimals)
      #expect(text.filter { $0 != "," } == String(format: "%.*f", decimals, value))
    }
  }

  @Test(arguments: [
    (0.042731, "0.0427"), (-0.00123456, "-0.00123"), (12.345, "12.3"), (1234.5, "1,235"),
    (0, "0"), (3.21e-9, "3.2e-09"), (1, "1.00"),
  ])
  func `keeps three significant digits`(value: Double, text: String) {
    #expect(SummaryNumber.significant(value) == text)
  }

  @Test(arguments: [
    (1.7e308, "1.7e+308"), (-9.96e-5, "-1.0e-04"), (1e15, "1.0e+15"),
    (.leastNonzeroMagnitude, "4.9e-324"),
  ])
  func `writes the largest and the smallest in powers of ten`(value: Double, text: String) {
    #expect(SummaryNumber.scientific(value) == text)
  }

  @Test(arguments: [
    (0.0, "0.0 %"), (1, "100.0 %"), (0.1234, "12.3 %"), (0.0011, "0.11 %"), (1e-9, "<0.01 %"),
  ])
  func `a share that is not 0 never reads as 0`(share: Double, text: String) {
    #expect(SummaryNumber.percent(share) == text)
  }

  @Test(arguments: [
    (5_423_118.0, "5.42 million"), (312_456, "312,000"), (999_700, "1,000,000"), (42, "42.0"),
    (0, "0"), (.infinity, "inf"),
  ])
  func `rounds a rate to three digits`(value: Double, text: String) {
    #expect(SummaryNumber.rounded(value) == text)
  }

  @Test(arguments: [
    (0.0, "0 s"), (1e-5, "<1 ms"), (0.3121, "312 ms"), (0.9996, "1.00 s"), (1.8473, "1.85 s"),
    (119, "119 s"), (750, "12 min 30 s"), (86_400, "24 h 0 min"), (.nan, "0 s"),
  ])
  func `tells a duration in the units of people`(seconds: Double, text: String) {
    #expect(SummaryNumber.seconds(seconds) == text)
  }

  @Test(arguments: [
    (1.0, "1.000"), (0.0324, "0.032"), (0.00049, "5e-04"), (9.7e-8, "1e-07"), (3e-40, "<1e-15"),
    (0, "<1e-15"),
  ])
  func `tells small probabilities by their order`(value: Double, text: String) {
    #expect(SummaryNumber.probability(value) == text)
  }

  @Test func `a probability that is not defined has no text`() {
    #expect(SummaryNumber.probability(.nan) == nil)
  }
}
