import LoomCore
import LoomImport
import Testing

struct SimulatedCorrelationTests {
  @Test func `the true matrix is a correlation matrix with a structure`() {
    let market = SimulatedMarket(symbols: 20, ticks: 1, seed: 3)
    for first in 0..<20 {
      #expect(market.trueCorrelation(first, first) == 1)
      for second in 0..<first {
        let value = market.trueCorrelation(first, second)
        #expect(value == market.trueCorrelation(second, first))
        #expect(abs(value) < 1)
        // Every fifth symbol goes against the others; only its own sector can outweigh that.
        if first % 5 != second % 5 { continue }
        #expect(value > 0)
      }
    }
    #expect(market.trueCorrelation(4, 3) < 0)
  }

  /// Estimated here from what a reader sees: the last price of every four seconds.
  @Test(arguments: [1, 2] as [UInt64])
  func `the estimate from the ticks comes near the true correlation`(seed: UInt64) {
    let count = 6
    var market = SimulatedMarket(symbols: count, ticks: 400_000, seed: seed)
    let returns = SimulatedReturns(&market, seconds: 4)
    var errors: [Double] = []
    for first in 0..<count {
      for second in 0..<first {
        let estimate = returns.correlation(first, second)
        errors.append(estimate - market.trueCorrelation(first, second))
      }
    }
    #expect(returns.rows.count > 1000)
    // The standard error of one is (1 − ρ²) / √1100 = 0.03 at most.
    #expect(errors.allSatisfy { abs($0) < 0.11 }, "\(errors)")
    let meanSquare = errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)
    #expect(meanSquare.squareRoot() < 0.045, "\(errors)")
  }
}

/// Returns of all symbols from one slot of a grid to the next, where every symbol spoke in both.
private struct SimulatedReturns {
  private(set) var rows: [[Double]] = []

  init(_ market: inout SimulatedMarket, seconds: Int64) {
    let none = [Double](repeating: .nan, count: market.symbolNames.count)
    var (previous, prices, usual) = (none, none, none)
    var (previousSlot, slot) = (Int64.min / 2, Int64.min / 2)
    while let tick = market.next() {
      let reached = tick.time.nanoseconds / (seconds * 1_000_000_000)
      if reached > slot {
        let row = zip(prices, previous).map { $0 / $1 - 1 }
        if slot == previousSlot + 1, !row.contains(where: \.isNaN) { rows.append(row) }
        (previous, prices) = (prices, none)
        (previousSlot, slot) = (slot, reached)
      }
      let present = tick.bid.isNaN ? tick.last : (tick.bid + tick.ask) / 2
      let index = tick.symbol.index
      if abs(present / usual[index] - 1) > 0.025 { continue }
      (prices[index], usual[index]) = (present, present)
    }
  }

  func correlation(_ first: Int, _ second: Int) -> Double {
    let scale = 1 / Double(rows.count)
    let means = [first, second].map { index in rows.reduce(0) { $0 + $1[index] } * scale }
    var (cross, one, other) = (0.0, 0.0, 0.0)
    for row in rows {
      let (left, right) = (row[first] - means[0], row[second] - means[1])
      cross += left * right
      one += left * left
      other += right * right
    }
    return cross / (one * other).squareRoot()
  }
}
