import Foundation
import Testing
import Tickloom

/// What came out of a batch or a pipeline, as bits, so that two can be held against each other.
struct BatchOutput: Equatable {
  /// By symbol: the bars bar their sequences, and the feature rows.
  var bars: [[UInt64]]
  var features: [[UInt64]]
  /// Number, time and hash of every version.
  var versions: [String] = []
  /// The last matrix.
  var matrix: [UInt64] = []
  var jointCounts: [Int32] = []

  init(symbolCount: Int) {
    bars = Array(repeating: [], count: symbolCount)
    features = bars
  }

  init(_ result: BatchResult) {
    self.init(symbolCount: result.symbols.count)
    for (index, symbol) in result.symbols.enumerated() {
      guard let symbol = try? symbol.get() else { continue }
      bars[index] = symbol.bars.flatMap(Self.bits)
      for row in 0..<symbol.features.rowCount {
        features[index].append(UInt64(bitPattern: symbol.features.starts[row].nanoseconds))
        features[index] += symbol.features.row(row).map(\.bitPattern)
      }
    }
    versions = result.versions.map { "\($0.number) \($0.start) \($0.hash)" }
    matrix = result.latest?.correlations.map(\.bitPattern) ?? []
    jointCounts = result.latest?.jointCounts ?? []
  }

  mutating func add(_ bar: CleanBar) { bars[bar.bar.symbol.index] += Self.bits(bar) }

  mutating func add(_ row: FeatureRow) {
    features[row.symbol.index].append(UInt64(bitPattern: row.start.nanoseconds))
    features[row.symbol.index] += (0..<Int(row.count)).map { row.values[$0].bitPattern }
  }

  mutating func add(_ held: borrowing HeldVersion) {
    let version = held.snapshot()
    versions.append("\(version.number) \(version.start) \(version.hash)")
    matrix = version.correlations.map(\.bitPattern)
    jointCounts = version.jointCounts
  }

  private static func bits(_ clean: CleanBar) -> [UInt64] {
    let bar = clean.bar
    let numbers = [
      bar.open, bar.high, bar.low, bar.close, bar.volume, bar.vwap, bar.spreadEstimate,
      clean.logReturn,
    ]
    let counts = [bar.start.nanoseconds, bar.tickCount, bar.gapSlots]
    return numbers.map(\.bitPattern) + counts.map { UInt64(bitPattern: $0) }
      + [clean.flags.rawValue, UInt64(bar.symbol.rawValue), UInt64(bar.source.rawValue)]
  }
}

/// Ticks of many symbols, one list for each.
enum BatchTicks {
  /// A simulated market with all its faults, per symbol in order of arrival or of time.
  static func simulated(
    symbols: Int, ticks: Int, seed: UInt64, sorted: Bool = true
  ) -> [[Tick]] {
    var market = SimulatedMarket(symbols: symbols, ticks: ticks, seed: seed)
    var lists = [[Tick]](repeating: [], count: symbols)
    while let tick = market.next() { lists[tick.symbol.index].append(tick) }
    return sorted ? lists.map(inOrderOfTime) : lists
  }

  private static func inOrderOfTime(_ ticks: [Tick]) -> [Tick] {
    ticks.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
      .map(\.element)
  }

  /// All in one list as `run` merges files: always the earliest of the next ones, ties by place.
  static func merged(_ lists: [[Tick]]) -> [Tick] {
    var next = lists.map { $0.startIndex }
    var merged: [Tick] = []
    while true {
      let waiting = lists.indices.filter { next[$0] < lists[$0].count }
      guard let first = waiting.min(by: { lists[$0][next[$0]].time < lists[$1][next[$1]].time })
      else { return merged }
      var tick = lists[first][next[first]]
      tick.symbol = SymbolID(rawValue: UInt32(first))
      merged.append(tick)
      next[first] += 1
    }
  }

  static func inputs(_ lists: [[Tick]]) -> [BatchInput] {
    lists.enumerated().map { BatchInput(name: "S\($0.offset)", ticks: $0.element) }
  }
}

/// Sends ticks through a pipeline and collects everything.
func stream(
  _ ticks: [Tick], symbolCount: Int, _ configuration: PipelineConfiguration
) throws -> (output: BatchOutput, counters: [TickCounters]) {
  var pipeline = try Pipeline(configuration: configuration)
  var output = BatchOutput(symbolCount: symbolCount)
  var consumer = PipelineHandlers(
    onBar: { output.add($0) }, onFeatures: { output.add($0) }, onVersion: { output.add($0) })
  try pipeline.process(ticks, into: &consumer)
  try pipeline.finish(into: &consumer)
  return (output, pipeline.gate.counters)
}

/// Where the shared data stands, if it does.
enum BatchSharedData {
  static let ticks: URL? = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let folder =
      ProcessInfo.processInfo.environment["TICKLOOM_SHARED"].map { URL(filePath: $0) }
      ?? root.deletingLastPathComponent().appending(path: "shared")
    let ticks = folder.appending(path: "data/ticks")
    return FileManager.default.fileExists(atPath: ticks.path) ? ticks : nil
  }()
}
