import LoomCore

/// The newest bars of every symbol, as one would write it without thinking of costs.
struct PlainBars {
  let depth: Int
  var number: UInt64 = 0
  private var symbolCount = 0
  private var bars: [UInt32: [Int]] = [:]
  private var rows: [UInt32: [Int]] = [:]

  init(depth: Int) { self.depth = depth }

  mutating func append(bar: Int, _ symbol: SymbolID) {
    bars[symbol.rawValue, default: []].append(bar)
    symbolCount = max(symbolCount, symbol.index + 1)
  }

  mutating func append(row: Int, _ symbol: SymbolID) {
    rows[symbol.rawValue, default: []].append(row)
  }

  /// Has other numbers be the newest of a symbol's bars and rows, perhaps another count of them; says
  /// which there are then.
  mutating func revise(
    _ symbol: SymbolID, by random: inout SeededGenerator
  ) -> (bars: [Int], rows: [Int]) {
    func revised(_ numbers: [Int]) -> [Int] {
      let kept = numbers.count - min(numbers.count, random.below(5))
      return numbers[..<kept] + (0..<random.below(5)).map { _ in random.below(1_000_000) }
    }
    let (bars, rows) = (
      revised(bars[symbol.rawValue] ?? []), revised(rows[symbol.rawValue] ?? [])
    )
    (self.bars[symbol.rawValue], self.rows[symbol.rawValue]) = (bars, rows)
    symbolCount = max(symbolCount, symbol.index + 1)
    return (bars, rows)
  }

  func isSame(as held: borrowing HeldBars, _ features: Int) -> Bool {
    guard held.number == number, held.symbolCount == symbolCount else { return false }
    for symbol in (0..<UInt32(symbolCount + 2)).map(SymbolID.init(rawValue:)) {
      let (bars, rows) = (bars[symbol.rawValue] ?? [], rows[symbol.rawValue] ?? [])
      guard held.barCount(of: symbol) == bars.count, held.rowCount(of: symbol) == rows.count
      else { return false }
      let seen = held.withBars(of: symbol) { span in
        span.indices.map { span[$0].bar.symbol == symbol ? Int(span[$0].bar.close) : -1 }
      }
      guard seen == bars.suffix(depth) else { return false }
      let expected = rows.suffix(depth).flatMap { row in (0..<features).map { value(row, $0) } }
      let isSame = held.withRows(of: symbol) { starts, values in
        starts.indices.map { Int(starts[$0].nanoseconds) } == rows.suffix(depth)
          && values.indices.map { values[$0] } == expected
      }
      guard isSame, held.latestBar(of: symbol).map({ Int($0.bar.close) }) == bars.last
      else { return false }
    }
    return true
  }
}

/// One place for a held table, with what it has to hold.
final class Place {
  private(set) var held: HeldBars?
  private var expected: PlainBars?

  func hold(_ reader: BarReader, _ published: PlainBars) {
    leave()
    held = reader.hold()
    expected = published
  }

  func leave() { held = nil }

  func advance(_ published: PlainBars) {
    if held == nil { return }
    held?.advance()
    expected = published
  }

  /// Whether it holds what it has to, or nothing.
  func isRight(_ features: Int) -> Bool {
    guard let expected else { return true }
    switch held {
    case .some(let held): return expected.isSame(as: held, features)
    case nil: return true
    }
  }
}

extension SeededGenerator {
  mutating func below(_ bound: Int) -> Int {
    bound < 1 ? 0 : Int.random(in: 0..<bound, using: &self)
  }
}

func value(_ number: Int, _ feature: Int) -> Double { Double(number) + Double(feature) / 2 }

func bar(_ symbol: SymbolID, _ number: Int) -> CleanBar {
  let price = Double(number)
  return CleanBar(
    bar: Bar(
      start: Timestamp(nanoseconds: Int64(number)), symbol: symbol, open: price, high: price,
      low: price, close: price))
}

func row(_ symbol: SymbolID, _ number: Int, count: Int) -> FeatureRow {
  var row = FeatureRow(
    start: Timestamp(nanoseconds: Int64(number)), symbol: symbol, count: count)
  for feature in 0..<count { row.values[feature] = value(number, feature) }
  return row
}
