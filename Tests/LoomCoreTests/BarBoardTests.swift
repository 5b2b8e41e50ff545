import LoomCore
import Testing

struct BarBoardTests {
  @Test func `begins with a table without symbols`() throws {
    let board = try BarBoard(symbols: 4, depth: 3, featureCount: 2, holders: 1)
    let reader = board.reader
    #expect([reader.holders, reader.depth, reader.featureCount] == [1, 3, 2])
    let symbol = SymbolID(rawValue: 0)
    let isEmpty = reader.withLatest { bars in
      bars.number == 0 && bars.symbolCount == 0 && bars.clock == .distantPast
        && bars.barCount(of: symbol) == 0 && bars.rowCount(of: symbol) == 0
        && bars.latestBar(of: symbol) == nil && bars.latestRow(of: symbol) == nil
        && bars.withBars(of: symbol) { $0.isEmpty }
        && bars.withRows(of: symbol) { $0.isEmpty && $1.isEmpty }
    }
    #expect(isEmpty == true)
  }

  @Test(arguments: [
    (-1, 1, 1, 1), (1, 0, 1, 1), (1, 65_537, 1, 1), (1, 1, -1, 1), (1, 1, 65, 1), (1, 1, 1, 0),
    (1, 1, 1, 4001),
  ])
  func `refuses what is out of range`(symbols: Int, depth: Int, features: Int, holders: Int) {
    #expect(throws: CoreError.badArgument) {
      _ = try BarBoard(symbols: symbols, depth: depth, featureCount: features, holders: holders)
    }
  }

  @Test func `gives the last ones, the newest last`() throws {
    var board = try BarBoard(symbols: 1, depth: 3, featureCount: 2, holders: 1)
    let symbol = SymbolID(rawValue: 0)
    for number in 1...5 {
      try board.append(bar(symbol, number))
      if number != 4 { try board.append(row(symbol, number, count: 2)) }
    }
    let before = try #require(board.reader.withLatest { $0.symbolCount })
    #expect(before == 0)
    try board.publish(clock: Timestamp(nanoseconds: 9))
    guard let bars = board.reader.hold() else { throw NoPlace() }
    let clock = bars.clock.nanoseconds
    #expect(clock == 9)
    let counts = [bars.barCount(of: symbol), bars.rowCount(of: symbol)]
    #expect(counts == [5, 4])
    let starts = bars.withBars(of: symbol) { span in span.indices.map { number(span[$0]) } }
    #expect(starts == [3, 4, 5])
    let two = bars.withBars(of: symbol, last: 2) { span in span.indices.map { number(span[$0]) } }
    #expect(two == [4, 5])
    let rows = bars.withRows(of: symbol) { starts, values in
      [starts.indices.map { Double(starts[$0].nanoseconds) }, values.indices.map { values[$0] }]
    }
    #expect(rows == [[2, 3, 5], [2, 2.5, 3, 3.5, 5, 5.5]])
    let last = bars.withRows(of: symbol, last: 1) { _, values in values.indices.map { values[$0] } }
    #expect(last == [5, 5.5])
    let (latestBar, latestRow) = (bars.latestBar(of: symbol), bars.latestRow(of: symbol))
    let row = try #require(latestRow)
    #expect(row.start.nanoseconds == 5 && row.count == 2 && row.symbol == symbol)
    #expect(row.values[0] == 5 && row.values[1] == 5.5 && row.values[2].isNaN)
    #expect(latestBar.map(number) == 5)
  }

  @Test func `nobody may hold more than there are places`() throws {
    var board = try BarBoard(symbols: 1, depth: 1, featureCount: 1, holders: 2)
    let reader = board.reader
    func holdTwo() throws {
      guard let one = reader.hold() else { throw NoPlace() }
      try board.publish(clock: .distantPast)
      guard let other = reader.hold() else { throw NoPlace() }
      let isRefused = reader.hold() == nil
      #expect(isRefused)
      #expect(reader.withLatest { $0.number } == nil)
      let numbers = [one.number, other.number]
      #expect(numbers == [0, 1])
    }
    try holdTwo()
    #expect(reader.withLatest { $0.number } == 1)
  }

  @Test func `moving on tells how many tables were missed`() throws {
    var board = try BarBoard(symbols: 1, depth: 1, featureCount: 1, holders: 1)
    guard var bars = board.reader.hold() else { throw NoPlace() }
    var missed: [Int] = []
    for number in 1...9 {
      try board.publish(clock: .distantPast)
      if number % 3 == 0 || number == 1 { missed.append(bars.advance()) }
    }
    missed.append(bars.advance())
    #expect(missed == [0, 1, 2, 2, 0])
  }

  @Test(arguments: 0..<24 as Range<UInt64>)
  func `holds what a plain model holds`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let depth = [1, 2, 3, 7][random.below(4)]
    let features = random.below(4)
    let most = [3, 40, 300][random.below(3)]
    let holders = 1 + random.below(4)
    var board = try BarBoard(
      symbols: random.below(most), depth: depth, featureCount: features, holders: holders)
    var next = PlainBars(depth: depth)
    var published = next
    let places = (0..<holders).map { _ in Place() }
    for step in 1...600 {
      for _ in 0..<random.below(6) {
        // Few symbols change often, and new ones appear late.
        let isFrequent = random.below(4) > 0
        let symbol = SymbolID(
          rawValue: UInt32(random.below(isFrequent ? 3 : 1 + most * step / 600)))
        let value = random.below(1_000_000)
        try board.append(bar(symbol, value))
        next.append(bar: value, symbol)
        if random.below(3) == 0 { continue }
        try board.append(row(symbol, value, count: features))
        next.append(row: value, symbol)
      }
      if random.below(5) == 0 {
        let symbol = SymbolID(rawValue: UInt32(random.below(1 + most * step / 600)))
        let all = next.revise(symbol, by: &random)
        // Sometimes only those that are kept.
        let few = random.below(2) > 0 ? depth : .max
        try replace(symbol, all.bars, all.rows, most: few, features, on: &board)
      }
      if random.below(3) > 0 {
        try board.publish(clock: Timestamp(nanoseconds: Int64(step)))
        next.number += 1
        published = next
      }
      let place = places[random.below(holders)]
      switch random.below(20) {
      case 0, 1: place.hold(board.reader, published)
      case 2, 3: place.leave()
      case 4: place.advance(published)
      default: break
      }
      if step % 7 == 0 {
        for place in places { #expect(place.isRight(features), "step \(step)") }
      }
    }
  }

  private func replace(
    _ symbol: SymbolID, _ bars: [Int], _ rows: [Int], most: Int, _ features: Int,
    on board: inout BarBoard
  ) throws {
    let newest = bars.suffix(most).map { bar(symbol, $0) }
    try board.replaceBars(of: symbol, by: newest.span, count: UInt64(bars.count))
    let starts = rows.suffix(most).map { Timestamp(nanoseconds: Int64($0)) }
    let values = rows.suffix(most).flatMap { row in (0..<features).map { value(row, $0) } }
    try board.replaceRows(
      of: symbol, starts: starts.span, values: values.span, count: UInt64(rows.count))
  }

  @Test func `fewer bars than are kept trap`() async {
    await #expect(processExitsWith: .failure) {
      var board = try BarBoard(symbols: 1, depth: 3, featureCount: 0, holders: 1)
      let symbol = SymbolID(rawValue: 0)
      try board.replaceBars(of: symbol, by: [bar(symbol, 1), bar(symbol, 2)].span, count: 3)
    }
  }

  @Test func `more rows than there were trap`() async {
    await #expect(processExitsWith: .failure) {
      var board = try BarBoard(symbols: 1, depth: 3, featureCount: 0, holders: 1)
      let starts = [Timestamp.distantPast, .distantFuture]
      try board.replaceRows(
        of: SymbolID(rawValue: 0), starts: starts.span, values: [Double]().span, count: 1)
    }
  }

  @Test func `rows with other features trap`() async {
    await #expect(processExitsWith: .failure) {
      var board = try BarBoard(symbols: 1, depth: 3, featureCount: 2, holders: 1)
      try board.replaceRows(
        of: SymbolID(rawValue: 0), starts: [Timestamp.distantPast].span, values: [1].span, count: 1)
    }
  }

  @Test func `another number of features traps`() async {
    await #expect(processExitsWith: .failure) {
      var board = try BarBoard(symbols: 1, depth: 1, featureCount: 2, holders: 1)
      try board.append(FeatureRow(start: .distantPast, symbol: SymbolID(rawValue: 0), count: 3))
    }
  }

  @Test func `a bar of no known symbol traps`() async {
    await #expect(processExitsWith: .failure) {
      var board = try BarBoard(symbols: 1, depth: 1, featureCount: 2, holders: 1)
      try board.append(bar(.unknown, 1))
    }
  }

  private struct NoPlace: Error {}

  private func number(_ bar: CleanBar) -> Int64 { bar.bar.start.nanoseconds }
}
