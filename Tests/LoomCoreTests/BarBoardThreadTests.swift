import Dispatch
import Glibc
import LoomCore
import Synchronization
import Testing

/// Tables of bars between a writer and readers at full speed.
///
/// Natively a torn table would show as symbols of different times or values that do not belong to
/// their bar; under `--sanitize=thread` these fail if a table is written while someone reads it.
struct BarBoardThreadTests {
  // With fewer places than readers one who gave a table back may be refused the next, and then
  // nothing else tells the writer that the reading came first.
  @Test(arguments: [(1, 1, 1, 2), (4, 2, 3, 5), (3, 1, 1, 40), (3, 3, 2, 40)])
  func `every table is one moment`(
    readers: Int, holders: Int, depth: Int, symbols: Int
  ) throws {
    var board = try BarBoard(symbols: 1, depth: depth, featureCount: 3, holders: holders)
    let reader = board.reader
    let isDone = Atomic(false)
    let reads = Atomic(0)
    let wrong = Atomic(0)
    let group = DispatchGroup()
    for name in 0..<readers {
      DispatchQueue(label: "reader \(name)").async(group: group) {
        var count = 0
        while !isDone.load(ordering: .relaxed) || count == 0 {
          guard var bars = reader.hold() else {
            sched_yield()
            continue
          }
          for _ in 0...count % 3 {
            if !isOneMoment(bars, depth: depth) { wrong.add(1, ordering: .relaxed) }
            bars.advance()
          }
          count += 1
        }
        reads.add(count, ordering: .relaxed)
      }
    }
    for number in 1...800 {
      // All but one symbol in turn; more of them as it goes on.
      let known = max(1, symbols * min(number, 400) / 400)
      for symbol in 0..<known where known == 1 || symbol != number % known {
        let symbol = SymbolID(rawValue: UInt32(symbol))
        try board.append(bar(symbol, number))
        try board.append(row(symbol, number, count: 3))
      }
      let isRevising = number > depth && number % 3 == 0
      if isRevising { try revise(number % known, number, depth: depth, on: &board) }
      try board.publish(clock: Timestamp(nanoseconds: Int64(number)))
    }
    isDone.store(true, ordering: .relaxed)
    group.wait()
    #expect(wrong.load(ordering: .relaxed) == 0)
    #expect(reads.load(ordering: .relaxed) >= readers)
    #expect(board.number == 800)
  }
}

/// Puts those of the numbers up to `number` in the place of what a symbol has.
private func revise(
  _ place: Int, _ number: Int, depth: Int, on board: inout BarBoard
) throws {
  let symbol = SymbolID(rawValue: UInt32(place))
  let numbers = number - depth + 1...number
  let bars = numbers.map { bar(symbol, $0) }
  let starts = numbers.map { Timestamp(nanoseconds: Int64($0)) }
  let values = numbers.flatMap { number in (0..<3).map { value(number, $0) } }
  let count = UInt64(number)
  try board.replaceBars(of: symbol, by: bars.span, count: count)
  try board.replaceRows(of: symbol, starts: starts.span, values: values.span, count: count)
}

/// Whether each symbol's bars end at the table's clock or just before, and the rows are theirs.
private func isOneMoment(_ bars: borrowing HeldBars, depth: Int) -> Bool {
  let clock = bars.clock.nanoseconds
  for symbol in (0..<UInt32(bars.symbolCount)).map(SymbolID.init(rawValue:)) {
    let closes = bars.withBars(of: symbol) { span in span.indices.map { span[$0].bar.close } }
    guard let last = closes.last, (clock - 2...clock).contains(Int64(last)) else { return false }
    if closes.count != min(depth, Int(bars.barCount(of: symbol))) { return false }
    let isTheirs = bars.withRows(of: symbol) { starts, values in
      starts.count == closes.count
        && starts.indices.allSatisfy { index in
          Double(starts[index].nanoseconds) == closes[index]
            && (0..<3).allSatisfy { values[3 * index + $0] == value(Int(closes[index]), $0) }
        }
    }
    if !isTheirs || zip(closes, closes.dropFirst()).contains(where: { $0 >= $1 }) { return false }
  }
  return true
}
