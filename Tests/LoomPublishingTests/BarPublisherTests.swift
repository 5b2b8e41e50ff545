import LoomCore
import Testing

@testable import LoomPublishing

struct BarPublisherTests {
  @Test func `latest has what closed, the cut what is final`() throws {
    var publisher = try publisher(depth: 2)
    // The second symbol is two slots ahead of the market clock.
    try take([bar(0, 0), bar(1, 0), bar(1, 1), bar(1, 2, isValid: false)], into: &publisher)
    try publisher.publish(through: seconds(1))
    #expect(publisher.latest.withLatest { starts($0) } == nanoseconds([[0], [1, 2]]))
    #expect(publisher.latest.withLatest { rowStarts($0) } == nanoseconds([[0], [0, 1]]))
    #expect(publisher.latest.withLatest { $0.clock } == seconds(1))
    #expect(publisher.cut.withLatest { starts($0) } == nanoseconds([[0], [0]]))
    #expect(publisher.cut.withLatest { $0.clock } == seconds(0))

    try take([bar(0, 2)], into: &publisher)
    try publisher.publish(through: seconds(3))
    #expect(publisher.cut.withLatest { starts($0) } == nanoseconds([[2], [2]]))
    #expect(publisher.cut.withLatest { rowStarts($0) } == nanoseconds([[2], [1]]))
    let count = publisher.cutCount
    #expect(count == 3)
  }

  @Test func `nothing new is no table`() throws {
    var publisher = try publisher(depth: 1)
    try take([bar(0, 0)], into: &publisher)
    for clock in [0, 1, 1, 5, 9] { try publisher.publish(through: seconds(clock)) }
    try publisher.take(bars: [CleanBar]().span, rows: [FeatureRow]().span)
    try publisher.publish(through: .distantFuture)
    #expect(publisher.latest.withLatest { $0.number } == 1)
    #expect(publisher.cut.withLatest { $0.number } == 1)
  }

  /// Bars of each symbol come in order of time and the symbols as they like; after each batch the cut
  /// is what a search through everything so far finds.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func `every cut is all symbols at one time`(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let symbols = Int.random(in: 1...12, using: &random)
    var publisher = try publisher(depth: 3)
    var taken: [CleanBar] = []
    var next = [Int](repeating: 0, count: symbols)
    var clock = 0
    var cuts: Set<Int64> = []
    for step in 0..<200 {
      var batch: [CleanBar] = []
      for _ in 0..<Int.random(in: 0...8, using: &random) {
        // A symbol that is not yet there comes in later.
        let symbol = Int.random(in: 0..<min(symbols, 1 + step / 10), using: &random)
        next[symbol] = max(next[symbol], clock) + Int.random(in: 0...3, using: &random)
        batch.append(bar(UInt32(symbol), next[symbol], isValid: Bool.random(using: &random)))
        next[symbol] += 1
      }
      taken += batch
      try take(batch, into: &publisher)
      if Int.random(in: 0..<3, using: &random) == 0 {
        clock += Int.random(in: 0...4, using: &random)
      }
      try publisher.publish(through: seconds(clock))
      let final = taken.filter { $0.bar.start < seconds(clock) }
      cuts.formUnion(final.map(\.bar.start.nanoseconds))
      let count = publisher.cutCount
      #expect(count == UInt64(cuts.count))
      let cut = publisher.cut.withLatest { [[$0.clock.nanoseconds]] + starts($0) + rowStarts($0) }
      guard let time = cuts.max() else { continue }
      let known = 0...(final.map(\.bar.symbol.index).max() ?? 0)
      let bars = known.map { symbol in last(1, of: symbol, in: final) }
      let rows = known.map { symbol in last(1, of: symbol, in: final.filter(\.isValid)) }
      #expect(cut == [[time]] + bars + rows, "step \(step)")
      let latest = publisher.latest.withLatest { starts($0) }
      let all = 0...(taken.map(\.bar.symbol.index).max() ?? 0)
      #expect(latest == all.map { symbol in last(3, of: symbol, in: taken) }, "step \(step)")
    }
  }

  @Test func `a correction is one table more of each kind, of the same time`() throws {
    var publisher = try publisher(depth: 2, correctable: 5)
    try take([bar(0, 0), bar(0, 1), bar(0, 2), bar(1, 4)], into: &publisher)
    try publisher.publish(through: seconds(3))
    // The second of three is not valid any more: what was before comes back.
    try correct([bar(0, 1, isValid: false)], at: 3, in: &publisher)
    #expect(publisher.latest.withLatest { starts($0) } == nanoseconds([[1, 2], [4]]))
    #expect(publisher.latest.withLatest { rowStarts($0) } == nanoseconds([[0, 2], [4]]))
    #expect(publisher.cut.withLatest { rowStarts($0) } == nanoseconds([[2]]))
    let numbers = [publisher.latest, publisher.cut].map { $0.withLatest { $0.number } }
    #expect(numbers == [2, 4])
    // The newest is not either; then it is again.
    try correct([bar(0, 2, isValid: false)], at: 3, in: &publisher)
    #expect(publisher.cut.withLatest { starts($0) + rowStarts($0) } == nanoseconds([[2], [0]]))
    try correct([bar(0, 2)], at: 3, in: &publisher)
    #expect(publisher.cut.withLatest { starts($0) + rowStarts($0) } == nanoseconds([[2], [2]]))
    let count = publisher.cut.withLatest { $0.rowCount(of: SymbolID(rawValue: 0)) }
    #expect(count == 2)
  }

  @Test func `a late bar comes into the cut, or makes a later one`() throws {
    var publisher = try publisher(depth: 2, correctable: 9)
    try take([bar(0, 2), bar(1, 0), bar(1, 2)], into: &publisher)
    try publisher.publish(through: seconds(6))
    try correct([bar(1, 1)], at: 6, in: &publisher)
    #expect(publisher.cut.withLatest { starts($0) } == nanoseconds([[2], [2]]))
    #expect(publisher.latest.withLatest { starts($0) } == nanoseconds([[2], [1, 2]]))
    #expect(publisher.cut.withLatest { $0.barCount(of: SymbolID(rawValue: 1)) } == 3)
    try correct([bar(1, 4)], at: 6, in: &publisher)
    #expect(publisher.cut.withLatest { starts($0) } == nanoseconds([[2], [4]]))
    #expect(publisher.cut.withLatest { rowStarts($0) } == nanoseconds([[2], [4]]))
    #expect(publisher.cut.withLatest { $0.clock } == seconds(4))
    let cuts = publisher.cutCount
    // The slots 0, 2 and 4, and two corrections.
    #expect(cuts == 5)
  }

  @Test func `a correction where nothing is kept for it traps`() async {
    await #expect(processExitsWith: .failure) {
      let tests = BarPublisherTests()
      var publisher = try tests.publisher(depth: 1)
      try tests.correct([bar(0, 0)], at: 1, in: &publisher)
    }
  }

  @Test func `bytes are those of both boards and of what waits`() {
    func bytes(_ waiting: Int) -> Int {
      BarPublisher.byteCount(symbols: 10, featureCount: 26, depth: 4, holders: 2, waiting: waiting)
    }
    let boards = [4, 1].map { depth in
      BarBoard.byteCount(symbols: 10, depth: depth, featureCount: 26, holders: 2)
    }
    #expect(bytes(0) == boards[0] + boards[1])
    #expect(bytes(1000) - bytes(0) == 1000 * (128 + 26 * 8 + 24))
  }

  @Test func `a valid bar without its row traps`() async {
    await #expect(processExitsWith: .failure) {
      var publisher = try BarPublisherTests().publisher(depth: 1)
      try publisher.take(bars: [bar(0, 0)].span, rows: [FeatureRow]().span)
    }
  }

  @Test func `a row without its bar traps`() async {
    await #expect(processExitsWith: .failure) {
      var publisher = try BarPublisherTests().publisher(depth: 1)
      try publisher.take(bars: [bar(0, 0, isValid: false)].span, rows: [row(bar(0, 0))].span)
    }
  }

  @Test func `a row of another length traps`() async {
    await #expect(processExitsWith: .failure) {
      var publisher = try BarPublisherTests().publisher(depth: 1)
      let short = FeatureRow(start: .distantPast, symbol: SymbolID(rawValue: 0), count: 1)
      try publisher.take(bars: [bar(0, 0)].span, rows: [short].span)
    }
  }

  private func publisher(depth: Int, correctable: Int64? = nil) throws -> BarPublisher {
    try BarPublisher(
      timeframe: .second, symbols: 2, featureCount: 2, depth: depth, holders: 2,
      correctable: correctable.map { .seconds($0) })
  }

  private func correct(
    _ bars: [CleanBar], at clock: Int, in publisher: inout BarPublisher
  ) throws {
    let rows = bars.filter(\.isValid).map(row)
    try publisher.correct(
      bars[0].bar.symbol, bars: bars.span, rows: rows.span, through: seconds(clock))
  }

  private func take(_ bars: [CleanBar], into publisher: inout BarPublisher) throws {
    let rows = bars.filter(\.isValid).map(row)
    try publisher.take(bars: bars.span, rows: rows.span)
  }

  private func last(_ count: Int, of symbol: Int, in bars: [CleanBar]) -> [Int64] {
    bars.filter { $0.bar.symbol.index == symbol }.map(\.bar.start.nanoseconds).suffix(count)
  }
}

private func seconds(_ count: Int) -> Timestamp {
  Timestamp(nanoseconds: Int64(count) * 1_000_000_000)
}

private func nanoseconds(_ seconds: [[Int64]]) -> [[Int64]] {
  seconds.map { $0.map { 1_000_000_000 * $0 } }
}

private func bar(_ symbol: UInt32, _ second: Int, isValid: Bool = true) -> CleanBar {
  CleanBar(
    bar: Bar(
      start: seconds(second), symbol: SymbolID(rawValue: symbol), open: 1, high: 1, low: 1, close: 1
    ),
    flags: isValid ? .valid : .outlier)
}

/// Its values tell which bar it is of.
private func row(_ bar: CleanBar) -> FeatureRow {
  var row = FeatureRow(start: bar.bar.start, symbol: bar.bar.symbol, count: 2)
  row.values[0] = Double(bar.bar.symbol.rawValue)
  row.values[1] = Double(bar.bar.start.nanoseconds)
  return row
}

/// The starts of the bars of each symbol.
private func starts(_ bars: borrowing HeldBars) -> [[Int64]] {
  (0..<UInt32(bars.symbolCount)).map { symbol in
    bars.withBars(of: SymbolID(rawValue: symbol)) { span in
      span.indices.map { span[$0].bar.start.nanoseconds }
    }
  }
}

/// The starts of the rows of each symbol, −1 for a row that holds another's values.
private func rowStarts(_ bars: borrowing HeldBars) -> [[Int64]] {
  (0..<UInt32(bars.symbolCount)).map { symbol in
    bars.withRows(of: SymbolID(rawValue: symbol)) { starts, values in
      starts.indices.map { index in
        let start = starts[index].nanoseconds
        let isOwn = values[2 * index] == Double(symbol) && values[2 * index + 1] == Double(start)
        return isOwn ? start : -1
      }
    }
  }
}
