import LoomCore
import LoomImport
import LoomNormalization
import Tickloom

/// The stages from tick to bar, each by itself, and all stages up to the published version.
let pipelineWorkloads: [Workload] =
  [
    Workload(
      "guard.admit.256", unit: "tick", operations: 256, yardstick: "memory.copy.tick",
      gate: .hot(400), run: admit)
  ]
  + [1, 8, 64, 256, 1024].map { size in
    Workload(
      "bars.build.\(size)", unit: "tick", operations: size, yardstick: "memory.copy.tick",
      gate: .hot(102_400 / size)
    ) { iterations, watch in try buildBars(size, iterations, &watch) }
  } + [
    Workload(
      "pipeline.process.256", unit: "tick", operations: 256, yardstick: "memory.copy.tick",
      gate: .hot(400)
    ) { iterations, watch in try process(RepeatingMarket(), iterations, &watch) },
    // As an engine is fed: a thousand ticks to a bar, so that little but the ticks counts.
    Workload(
      "pipeline.ticks.10", unit: "tick", operations: 64, yardstick: "memory.copy.tick",
      gate: .hot(3200)
    ) { iterations, watch in
      try process(RepeatingMarket(batch: 64, pace: 100), iterations, &watch)
    },
    Workload(
      "pipeline.corrected.50", unit: "correction", hasLatencies: true, gate: .counted(20),
      run: correct),
  ]

private func time(
  _ batches: Span<[SequencedTick]>, _ watch: inout Stopwatch,
  _ body: (Span<SequencedTick>) throws -> Void
) rethrows {
  try watch.time {
    for place in batches.indices {
      // Borrowed: an array taken out would be retained.
      let batch = batches[place].span
      try body(batch)
    }
  }
}

/// Goes through the market's batches, in rounds, and times `body` alone.
private func rounds(
  _ iterations: Int, _ market: inout RepeatingMarket, _ watch: inout Stopwatch,
  _ body: (Span<SequencedTick>) throws -> Void
) rethrows {
  var left = iterations
  while left > 0 {
    let round = min(left, market.batches.count)
    try time(market.batches.span.extracting(first: round), &watch, body)
    market.advance()
    left -= round
  }
}

private let empty = PricedTick(
  time: .distantPast, symbol: SymbolID(rawValue: 0), price: .nan, sequence: 0)

private func admit(_ iterations: Int, _ watch: inout Stopwatch) throws {
  var market = RepeatingMarket()
  var gate = Guard(configuration: try NormalizationConfiguration())
  var priced = [PricedTick](repeating: empty, count: 256)
  var rejected: [Rejection] = []
  rejected.reserveCapacity(256)
  var accepted = 0
  rounds(iterations, &market, &watch) { batch in
    var room = priced.mutableSpan
    accepted += gate.admit(batch, into: &room, rejected: &rejected)
    rejected.removeAll(keepingCapacity: true)
  }
  if accepted < iterations * 250 { throw WorkloadError("\(accepted) ticks were taken") }
}

/// Folds accepted ticks into bars of one second.
private func buildBars(_ size: Int, _ iterations: Int, _ watch: inout Stopwatch) throws {
  var batches = try PricedBatches(size: size)
  var builder = BarBuilder(configuration: try NormalizationConfiguration())
  var closed: [Bar] = []
  closed.reserveCapacity(1024)
  var (left, count) = (iterations, 0)
  while left > 0 {
    let round = min(left, batches.ticks.count)
    watch.time {
      let ticks = batches.ticks.span
      for place in 0..<round {
        builder.build(ticks[place].span, into: &closed)
        count += closed.count
        closed.removeAll(keepingCapacity: true)
      }
    }
    batches.advance()
    left -= round
  }
  if count < iterations * size / 100 { throw WorkloadError("\(count) bars were closed") }
}

/// The accepted ticks of a ``RepeatingMarket``.
private struct PricedBatches {
  private(set) var ticks: [[PricedTick]]
  private let span: Nanoseconds

  init(size: Int) throws {
    var market = RepeatingMarket(batch: size)
    var gate = Guard(configuration: try NormalizationConfiguration())
    var rejected: [Rejection] = []
    ticks = market.batches.map { batch in
      var priced = [PricedTick](repeating: empty, count: size)
      var room = priced.mutableSpan
      let accepted = gate.admit(batch.span, into: &room, rejected: &rejected)
      priced.removeLast(size - accepted)
      return priced
    }
    let first = market.batches[0][0].tick.time
    market.advance()
    span = market.batches[0][0].tick.time - first
  }

  mutating func advance() {
    for batch in ticks.indices {
      for place in ticks[batch].indices {
        ticks[batch][place].time = ticks[batch][place].time + span
        ticks[batch][place].marketClock = ticks[batch][place].marketClock + span
        ticks[batch][place].sequence += 4096
      }
    }
  }
}

/// Counts what comes out and keeps none of it.
private struct Counts: PipelineConsumer {
  var bars = 0
  var versions: UInt64 = 0
  var corrections = 0

  mutating func take(bars: Span<CleanBar>) { self.bars += bars.count }
  mutating func take(version: borrowing HeldVersion) { versions = version.number }
  mutating func take(correction: borrowing Correction) { corrections += 1 }
}

/// Ticks through every stage of one pipeline.
private func process(
  _ market: consuming RepeatingMarket, _ iterations: Int, _ watch: inout Stopwatch
) throws {
  var pipeline = try Pipeline(configuration: try PipelineConfiguration())
  var counts = Counts()
  try rounds(iterations, &market, &watch) { batch in
    try pipeline.process(batch, into: &counts)
  }
  if iterations > 4096, counts.bars == 0 || counts.versions == 0 {
    throw WorkloadError("\(counts.bars) bars, \(counts.versions) versions")
  }
}

/// A late tick for the middle of a horizon of 64 bars, each time of the next one of 50 symbols: its
/// bar and those after it, their features, and the matrix of a full window once more.
private func correct(_ iterations: Int, _ watch: inout Stopwatch) throws {
  let (symbols, slots) = (50, 600)
  var random = UniformNumbers(state: 7)
  let start = Timestamp(nanoseconds: 1_577_836_800_000_000_000)
  func tick(_ symbol: Int, _ second: Int) -> Tick {
    Tick(
      time: start + .seconds(Int64(second)), symbol: SymbolID(rawValue: UInt32(symbol)),
      last: 100 + random.next(), lastSize: 1, flags: .trade)
  }
  var pipeline = try Pipeline(
    configuration: try PipelineConfiguration(corrections: .on(horizon: .seconds(64))))
  var counts = Counts()
  for second in 0..<slots {
    let ticks = (0..<symbols).map { tick($0, second) }
    try pipeline.process(ticks.span, into: &counts)
  }
  var late = [tick(0, slots - 32)]
  try watch.time(each: iterations) { index in
    late[0] = tick(index % symbols, slots - 32)
    try pipeline.process(late.span, into: &counts)
  }
  if counts.corrections != iterations {
    throw WorkloadError("\(counts.corrections) corrections of \(iterations)")
  }
}
