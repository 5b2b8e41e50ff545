import LoomCore
import LoomPublishing

/// One slot of bars and feature rows taken and published, as they close and as a cut, while a reader
/// follows: ten symbols, all of which have a bar; fifty; fifty of 5,000.
///
/// Of each symbol eight bars are kept, and rows of the default features' width.
let boardWorkloads: [Workload] = [
  bars(active: 10, of: 10), bars(active: 50, of: 50), bars(active: 50, of: 5_000),
]

private func bars(active: Int, of symbols: Int) -> Workload {
  Workload(
    "board.bars-\(active).\(symbols)", unit: "slot", hasLatencies: true,
    gate: .hot(20_000 / active)
  ) { iterations, watch in
    var publisher = try BarPublisher(
      timeframe: .second, symbols: symbols, featureCount: 26, depth: 8, holders: 4)
    try publisher.publish(SlotOfBars(symbols: 0..<symbols), at: 0)
    guard var latest = publisher.latest.hold(), var cut = publisher.cut.hold() else {
      throw WorkloadError("no place")
    }
    var slot = SlotOfBars(symbols: symbols - active..<symbols)
    // Until every slot of the boards has been used.
    for second in 1...64 {
      slot.move(to: second)
      try publisher.publish(slot, at: second)
      latest.advance()
      cut.advance()
    }
    try watch.time(each: iterations) { index in
      slot.move(to: 65 + index)
      try publisher.publish(slot, at: 65 + index)
      latest.advance()
      cut.advance()
    }
    let last = SymbolID(rawValue: UInt32(symbols - 1))
    if cut.barCount(of: last) != UInt64(65 + iterations) { throw WorkloadError("a bar is missing") }
    if latest.rowCount(of: last) != UInt64(65 + iterations) {
      throw WorkloadError("a row is missing")
    }
  }
}

/// The bars and rows of some symbols over one second.
private struct SlotOfBars {
  private(set) var bars: [CleanBar]
  private(set) var rows: [FeatureRow]

  init(symbols: Range<Int>) {
    bars = symbols.map { symbol in
      CleanBar(
        bar: Bar(
          start: Timestamp(nanoseconds: 0), symbol: SymbolID(rawValue: UInt32(symbol)), open: 1,
          high: 1, low: 1, close: 1))
    }
    rows = symbols.map { symbol in
      FeatureRow(
        start: Timestamp(nanoseconds: 0), symbol: SymbolID(rawValue: UInt32(symbol)), count: 26)
    }
  }

  mutating func move(to second: Int) {
    let start = Timestamp(nanoseconds: Int64(second) * 1_000_000_000)
    for index in bars.indices {
      bars[index].bar.start = start
      rows[index].start = start
    }
  }
}

extension BarPublisher {
  fileprivate mutating func publish(_ slot: borrowing SlotOfBars, at second: Int) throws {
    try take(bars: slot.bars.span, rows: slot.rows.span)
    try publish(through: Timestamp(nanoseconds: Int64(second + 1) * 1_000_000_000))
  }
}
