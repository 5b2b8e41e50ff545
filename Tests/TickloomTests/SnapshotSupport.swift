import Testing

@testable import Tickloom

/// Everything a pipeline puts out, corrections and refused inputs among it, in the order it came.
struct FullTranscript: PipelineConsumer, Equatable {
  var lines: [String] = []

  mutating func take(rejections: Span<Rejection>, offset: Int) {
    for index in rejections.indices { lines.append("rejected \(rejections[index].reason)") }
  }

  mutating func take(bars: Span<CleanBar>) {
    for index in bars.indices { lines.append("bar \(bits(of: bars[index]))") }
  }

  mutating func take(features: Span<FeatureRow>) {
    for index in features.indices {
      lines.append("row \(features[index].symbol.rawValue) \(bits(of: features[index]))")
    }
  }

  mutating func take(correction: borrowing Correction) {
    lines.append("correction \(correction.sequence) \(correction.version)")
    for revised in correction.bars {
      lines.append("revised \(bits(of: revised.clean)) of \(revised.supersededCause)")
    }
    for row in correction.features { lines.append("redone \(bits(of: row))") }
  }

  mutating func take(version held: borrowing HeldVersion) {
    lines.append(text(of: held))
  }

  /// By kind, as other threads leave open which of two kinds comes first.
  var byKind: [String: [String]] {
    Dictionary(grouping: lines) { String($0.prefix { $0 != " " }) }
  }
}

/// All of a version, its matrix among it.
func text(of held: borrowing HeldVersion) -> String {
  let version = held.snapshot()
  var text = "version \(version.number) \(version.start.nanoseconds) \(version.hash) "
  text += "\(version.correlations.map(\.bitPattern)) \(version.jointCounts) "
  return text + (held.correction.map { "\($0.sequence) \($0.symbol) \($0.bars)" } ?? "")
}

/// Where an input is cut, and what it goes through.
struct SnapshotCase: CustomStringConvertible, Sendable {
  var estimator = CorrelationEstimator.rolling(window: 8)
  var lateness = Nanoseconds.zero
  var corrections = Corrections.off
  var isNormalized = false
  var tableDepth: Int?
  var seed: UInt64 = 1

  var description: String {
    "\(estimator) lateness \(lateness) \(corrections) \(isNormalized) \(String(describing: tableDepth))"
      + " seed \(seed)"
  }

  var configuration: PipelineConfiguration {
    get throws {
      PipelineConfiguration(
        normalization: try NormalizationConfiguration(
          lateness: lateness, maximumGap: 2, corrections: corrections),
        correlation: try CorrelationConfiguration(estimator: estimator, minimumPeriods: 3))
    }
  }
}

/// What a pipeline is given: inputs, or a clock event.
enum SnapshotStep: Sendable {
  case ticks([SequencedTick])
  case clock(Timestamp)
}

extension Pipeline {
  /// Takes steps one by one.
  mutating func take<Consumer: PipelineConsumer>(
    _ steps: ArraySlice<SnapshotStep>, into output: inout Consumer
  ) throws {
    for step in steps {
      switch step {
      case .ticks(let ticks): try process(ticks.span, into: &output)
      case .clock(let moment): try advance(to: moment, into: &output)
      }
    }
  }

  /// What is asked of a pipeline from outside, and what readers of its tables see.
  var looks: Looks {
    var looks = Looks()
    looks.text = "\(gate.counters) \(gate.total) \(gate.latenessHistogram) \(gate.marketClock)"
    looks.text += " \(gate.lastSequence) \(gate.unattributed) \(publisher.latest.number)"
    let names = (0..<UInt32(gate.symbolCount)).map { SymbolID(rawValue: $0) }
    for name in names {
      looks.add(gate.lastPrice(of: name))
      looks.add(gate.latestTime(of: name))
      for other in names where other >= name {
        let pair = publisher.pair(name, other)
        looks.add(pair.correlation)
        looks.add(pair.covariance)
        looks.add(pair.effectiveRows)
        looks.add(pair.pValue)
        looks.numbers += [UInt64(pair.jointRows), UInt64(pair.reason.rawValue)]
      }
    }
    for reader in [tables?.latest, tables?.cut] { if let held = reader?.hold() { looks.add(held) } }
    // How many tables of the latest bars there were depends on how the input was cut.
    looks.numbers.append(tables?.cut.hold()?.number ?? 0)
    return looks
  }
}

/// What is seen of a pipeline.
struct Looks: Equatable {
  var text = ""
  var numbers: [UInt64] = []

  mutating func add(_ value: Double) { numbers.append(value.bitPattern) }

  mutating func add(_ time: Timestamp) { numbers.append(UInt64(bitPattern: time.nanoseconds)) }

  mutating func add(_ held: consuming HeldBars) {
    add(held.clock)
    for index in 0..<UInt32(held.symbolCount) {
      let symbol = SymbolID(rawValue: index)
      numbers += [held.barCount(of: symbol), held.rowCount(of: symbol)]
      held.withBars(of: symbol) { bars in
        for place in bars.indices { numbers += bits(of: bars[place]) }
      }
      held.withRows(of: symbol) { starts, values in
        for place in starts.indices { add(starts[place]) }
        for place in values.indices { add(values[place]) }
      }
    }
  }
}

/// A feed with all that can happen to one: late and repeated ticks, crossed ones, bars, trades of quoted
/// symbols, unknown symbols, and now and then a clock event.
func disturbedSteps(_ count: Int, symbols: Int = 5, seed: UInt64) -> [SnapshotStep] {
  var random = PipelinePropertyTests.Seeded(state: seed)
  var ticks: [Tick] = []
  var prices = [Double](repeating: 100, count: symbols)
  var time = LateMarket.start
  for index in 0..<count {
    let symbol = Int.random(in: 0..<symbols, using: &random)
    // Of one symbol there is nothing for a while, more than a window.
    if symbol == 2, (count / 3..<count * 2 / 3).contains(index) { continue }
    time = time + Nanoseconds(Int64.random(in: 0..<160_000_000, using: &random))
    if Int.random(in: 0..<200, using: &random) == 0 { time = time + .seconds(5) }
    prices[symbol] *= 1 + Double.random(in: -1e-3...1e-3, using: &random)
    let delay = Int.random(in: 0..<12, using: &random) == 0
    let lag = Nanoseconds(delay ? Int64.random(in: 0..<9_000_000_000, using: &random) : 0)
    var tick = Tick(
      time: time - lag, symbol: SymbolID(rawValue: UInt32(symbol)), last: .nan, lastSize: .nan,
      flags: .quote)
    tick.bid = prices[symbol] * (1 - 1e-5)
    tick.ask = prices[symbol] * (1 + 1e-5)
    tick.venueSequence = symbol.isMultiple(of: 2) ? UInt64(index + 1) : 0
    switch Int.random(in: 0..<40, using: &random) {
    case 0: swap(&tick.bid, &tick.ask)
    case 1: tick.symbol = .unknown
    case 2: tick.bid = -1
    case 3...6:
      (tick.bid, tick.ask, tick.flags) = (.nan, .nan, .trade)
      (tick.last, tick.lastSize) = (prices[symbol], Double.random(in: 0..<9, using: &random))
    case 7 where !ticks.isEmpty: tick = ticks[max(0, ticks.count - 1 - index % 30)]
    case 8 where symbol == 1: tick.bid = prices[symbol] * 1.3; tick.ask = tick.bid
    case 9: tick.flags = TickFlags(refusal: .malformed)
    case 10...14 where symbol == 0:
      tick = Tick(
        barStart: time - lag, symbol: tick.symbol, open: prices[0], high: prices[0] * 1.001,
        low: prices[0] * 0.999, close: prices[0], volume: 3)
    default: break
    }
    ticks.append(tick)
  }
  var steps: [SnapshotStep] = []
  for (index, tick) in ticks.enumerated() {
    steps.append(.ticks([SequencedTick(sequence: UInt64(index + 1), tick: tick)]))
    if index % 97 == 96 { steps.append(.clock(tick.time - .seconds(1))) }
  }
  return steps
}
