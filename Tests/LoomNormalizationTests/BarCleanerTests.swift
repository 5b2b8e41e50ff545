import Foundation
import LoomCore
import LoomNormalization
import Testing

struct BarCleanerTests {
  func bars(_ closes: [Double], gaps: [Int: Int64] = [:]) -> [Bar] {
    closes.enumerated().map { index, close in
      Bar(
        start: at(Double(index)), symbol: first, open: close, high: close, low: close, close: close,
        gapSlots: gaps[index] ?? 0)
    }
  }

  func clean(_ bars: [Bar], maximumGap: Int64? = nil) throws -> [CleanBar] {
    var cleaner = BarCleaner(
      configuration: try NormalizationConfiguration(maximumGap: maximumGap))
    var result: [CleanBar] = []
    cleaner.clean(bars.span, into: &result)
    return result
  }

  @Test func `the return is the log of the ratio of closes`() throws {
    let returns = try clean(bars([100, 110, 99])).map(\.logReturn)
    #expect(returns[0].isNaN)
    #expect(abs(returns[1] - log(1.1)) < 1e-15)
    #expect(abs(returns[2] - log(0.9)) < 1e-15)
  }

  @Test(arguments: [(nil, false), (2 as Int64, false), (3 as Int64, true)])
  func `a return spans no more slots than allowed`(maximum: Int64?, spans: Bool) throws {
    let cleaned = try clean(bars([100, 101, 102], gaps: [2: 3]), maximumGap: maximum)
    #expect(cleaned[2].logReturn.isFinite == spans)
  }

  /// Closes whose returns alternate by one part in a thousand, `count` of them.
  func alternating(_ count: Int) -> [Double] {
    (0..<count).map { $0 % 2 == 0 ? 100 : 100.1 }
  }

  @Test func `a jump is an outlier only after 32 returns`() throws {
    #expect(try clean(bars(alternating(32) + [150])).last?.flags == .valid)
    let judged = try clean(bars(alternating(33) + [150]))
    #expect(judged.last?.flags == .outlier)
    #expect(judged.dropLast().allSatisfy { $0.isValid })
  }

  @Test func `after a flat window nothing is an outlier`() throws {
    let flat = [Double](repeating: 100, count: 60)
    #expect(try clean(bars(flat + [150])).last?.isValid == true)
  }

  @Test func `a longer gap widens the bound`() throws {
    let closes = alternating(40) + [102.5]
    #expect(try clean(bars(closes), maximumGap: 99).last?.flags == .outlier)
    #expect(try clean(bars(closes, gaps: [40: 8]), maximumGap: 99).last?.isValid == true)
  }

  @Test func `the fifth outlier in a row changes the regime`() throws {
    var price = 100.0
    let jumps = (0..<8).map { index in
      price *= index % 2 == 0 ? 2 : 0.7
      return price
    }
    let flags = try clean(bars(alternating(40) + jumps)).suffix(8).map {
      $0.flags.contains(.outlier)
    }
    #expect(flags == [true, true, true, true, true, false, false, false])
  }

  /// Prices as they come, and on a grid so coarse that most returns are equal or 0.
  @Test(arguments: [0, 0.05, 0.2])
  func `outlier flags equal a plain computation`(grid: Double) throws {
    for seed in 0..<10 as Range<UInt64> {
      var random = SplitMix(state: seed)
      var price = 100.0
      let closes = (0..<600).map { _ in
        let wild = Int.random(in: 0..<25, using: &random) == 0
        price *= exp(Double.random(in: -0.001...0.001, using: &random) * (wild ? 40 : 1))
        return grid == 0 ? price : (price / grid).rounded() * grid
      }
      let cleaned = try clean(bars(closes))
      #expect(
        cleaned.map { $0.flags.contains(.outlier) } == plainFlags(cleaned.map(\.logReturn)),
        "seed \(seed)")
    }
  }

  func plainFlags(_ returns: [Double]) -> [Bool] {
    var window: [Double] = []
    var run = 0
    return returns.map { value in
      guard value.isFinite else { return false }
      var far = false
      if window.count >= 32 {
        let mean = window.reduce(0, +) / Double(window.count)
        let variance =
          window.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(window.count - 1)
        let squares = window.map { $0 * $0 }.reduce(0, +) / Double(window.count)
        far = variance > 1e-20 * squares && abs(value - mean) > 10 * variance.squareRoot()
      }
      if far {
        run += 1
        if run == 5 { (window, run) = ([], 0) }
      } else {
        run = 0
        window = Array((window + [value]).suffix(64))
      }
      return far
    }
  }
}
