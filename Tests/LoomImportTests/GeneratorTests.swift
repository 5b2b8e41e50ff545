import LoomCore
import LoomImport
import Testing

/// Counts: one tick a second, two symbols in turns.
private struct Counter: TickGenerator {
  let name = "count"
  let symbolNames = ["B", "A"]
  var left: Int
  var made = 0

  mutating func next(into ticks: inout MutableSpan<Tick>) -> Int {
    let count = min(left, ticks.count)
    for place in 0..<count {
      ticks[place] = Tick(
        time: Timestamp(nanoseconds: Int64(made) * 1_000_000_000),
        symbol: SymbolID(rawValue: UInt32(made % 2)), last: Double(made + 1), flags: .trade)
      made += 1
    }
    left -= count
    return count
  }
}

struct GeneratorTests {
  private func read(_ configuration: ImportConfiguration) throws -> (rows: [Tick], [String]) {
    let reader = try TickReader(
      inputs: [.generated(Counter(left: 5000))], configuration: configuration)
    #expect(reader.sources.map(\.name) == ["count"])
    #expect(reader.bytesTotal == nil)
    var ticks: [Tick] = []
    var batch = InputBatch()
    while try reader.read(into: &batch) {
      for (row, stamped) in batch.ticks.enumerated() {
        ticks.append(stamped.tick)
        #expect(stamped.sequence == UInt64(ticks.count))
        #expect(batch.origins[row].length == 0)
      }
    }
    return (ticks, reader.symbols.names)
  }

  @Test func `a generator is read like a file`() throws {
    let (ticks, symbols) = try read(ImportConfiguration())
    #expect(symbols == ["B", "A"])
    #expect(ticks.map(\.last) == (1...5000).map(Double.init))
    let (some, names) = try read(
      ImportConfiguration(symbols: ["A"], to: Timestamp(nanoseconds: 10_000_000_000)))
    #expect(names == ["A"])
    #expect(some.map(\.last) == [2, 4, 6, 8, 10])
  }
}
