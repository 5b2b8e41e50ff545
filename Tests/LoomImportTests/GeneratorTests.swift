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

  @Test func `generators are merged and sorted like files`() throws {
    let inputs = (0..<20).map { _ in InputLocation.generated(Counter(left: 300)) }
    for sorts in [false, true] {
      let reader = try TickReader(
        inputs: inputs, configuration: ImportConfiguration(sorts: sorts))
      var batch = InputBatch()
      var ticks: [Tick] = []
      while try reader.read(into: &batch) { ticks += batch.ticks.map(\.tick) }
      let sources: [Int] = (0..<6000).map { $0 % 20 }
      let prices: [Double] = (0..<6000).map { Double($0 / 20 + 1) }
      #expect(ticks.map(\.source.index) == sources)
      #expect(ticks.map(\.last) == prices)
      #expect(reader.symbols.names == ["B", "A"])
    }
  }

  @Test func `arguments name files, standard input and markets`() throws {
    guard case .path("sim.csv") = try InputLocation(argument: "sim.csv") else {
      Issue.record("not a path")
      return
    }
    guard case .standardInput = try InputLocation(argument: "-") else {
      Issue.record("not standard input")
      return
    }
    let reader = try TickReader(inputs: [try InputLocation(argument: "sim:3,500,1")])
    #expect(reader.sources.map(\.name) == ["sim"])
    var batch = InputBatch()
    var count = 0
    while try reader.read(into: &batch) { count += batch.ticks.count }
    #expect(count == 500)
    #expect(throws: SimulationError.self) { try InputLocation(argument: "sim:0,1,1") }
  }
}
