import Testing

@testable import Tickloom

/// Which bar of which symbol.
struct BarName: Hashable, Comparable {
  var start: Timestamp
  var symbol: SymbolID

  init(_ start: Timestamp, _ symbol: SymbolID) {
    self.start = start
    self.symbol = symbol
  }

  static func < (one: BarName, other: BarName) -> Bool {
    (one.start, one.symbol.rawValue) < (other.start, other.symbol.rawValue)
  }
}

/// A version as bits.
struct VersionBits: Equatable {
  var number: UInt64
  var start: Timestamp
  var hash: Hash128
  var matrix: [UInt64]
  var counts: [Int32]
  var correction: VersionCorrection?
}

/// What a reader knows who follows every correction.
struct CorrectionFollower: PipelineConsumer {
  var bars: [BarName: CleanBar] = [:]
  var features: [BarName: FeatureRow] = [:]
  var versions: [VersionBits] = []
  var corrections: [Correction] = []
  /// Everything in the order in which it came.
  var journal: [String] = []

  mutating func take(bars new: Span<CleanBar>) {
    for index in new.indices {
      let name = BarName(new[index].bar.start, new[index].bar.symbol)
      #expect(bars[name] == nil, "closed twice")
      bars[name] = new[index]
      journal.append("bar \(bits(of: new[index]))")
    }
  }

  mutating func take(features new: Span<FeatureRow>) {
    for index in new.indices {
      features[BarName(new[index].start, new[index].symbol)] = new[index]
      journal.append("row \(new[index].symbol.rawValue) \(bits(of: new[index]))")
    }
  }

  mutating func take(correction: borrowing Correction) {
    let correction = copy correction
    for revised in correction.bars {
      let bar = revised.clean.bar
      let name = BarName(bar.start, bar.symbol)
      let before = bars[name]?.bar
      #expect(bar.revision == (before?.revision ?? 0) + 1)
      #expect(bar.causeSequence == correction.sequence)
      #expect(bar.symbol == correction.symbol)
      #expect(revised.isNew == (before == nil))
      #expect(revised.supersededCause == before?.causeSequence ?? 0)
      #expect(revised.supersededSequence == before?.lastSequence ?? 0)
      bars[name] = revised.clean
      if !revised.clean.isValid { features[name] = nil }
      journal.append("revised \(bits(of: revised.clean))")
    }
    for row in correction.features {
      features[BarName(row.start, row.symbol)] = row
      journal.append("redone \(row.symbol.rawValue) \(bits(of: row))")
    }
    corrections.append(correction)
    journal.append("correction \(correction.sequence) \(correction.version)")
  }

  mutating func take(version held: borrowing HeldVersion) {
    let version = held.snapshot()
    versions.append(
      VersionBits(
        number: version.number, start: version.start, hash: version.hash,
        matrix: version.correlations.map(\.bitPattern), counts: version.jointCounts,
        correction: held.correction))
    journal.append("version \(version.number) \(version.hash)")
  }
}

/// All of a bar but its cause and revision, where `ended` is false.
func bits(of clean: CleanBar, ended: Bool = true) -> [UInt64] {
  let bar = clean.bar
  let numbers = [
    bar.open, bar.high, bar.low, bar.close, bar.volume, bar.vwap, bar.spreadEstimate,
    clean.logReturn,
  ]
  let ends = ended ? [bar.causeSequence, UInt64(bar.revision)] : []
  let counts = [
    UInt64(bar.symbol.rawValue), UInt64(bitPattern: bar.start.nanoseconds), UInt64(bar.tickCount),
    UInt64(bar.gapSlots), bar.firstSequence, bar.lastSequence, clean.flags.rawValue,
  ]
  return counts + ends + numbers.map(\.bitPattern)
}

func bits(of row: FeatureRow) -> [UInt64] {
  [UInt64(bitPattern: row.start.nanoseconds)]
    + (0..<Int(row.count)).map { row.values[$0].bitPattern }
}

/// A market whose ticks partly come late, by a little or by a lot.
struct LateMarket {
  var symbols = 4
  var seconds = 130.0
  var ticksPerSecond = 6
  var lateShare = 0.08
  var seed: UInt64

  static let start = Timestamp(nanoseconds: 1_577_836_800_000_000_000)

  static func at(_ seconds: Double) -> Timestamp {
    Timestamp(nanoseconds: start.nanoseconds + Int64(seconds * 1e9))
  }

  func ticks() -> [SequencedTick] {
    var random = PipelinePropertyTests.Seeded(state: seed)
    var prices = [Double](repeating: 100, count: symbols)
    var arrivals: [(place: Double, tick: Tick)] = []
    let count = Int(seconds) * ticksPerSecond
    for index in 0..<count {
      let time = seconds * Double(index) / Double(count)
      let symbol = Int.random(in: 0..<symbols, using: &random)
      // Each symbol is silent for some seconds now and then, and all are for one.
      let isSilent = (Int(time) / 3 + symbol * 5) % 11 == 0 || Int(time) % 7 == 4
      if isSilent, Double.random(in: 0..<1, using: &random) < 0.85 {
        continue
      }
      prices[symbol] *= 1 + Double.random(in: -1e-3...1e-3, using: &random)
      // Some prices are far off: their bars are outliers.
      let isGlitch = Int.random(in: 0..<150, using: &random) == 0
      let late = Double.random(in: 0..<1, using: &random) < lateShare
      let delay = late ? Double.random(in: 0.5...14, using: &random) : 0
      let tick = Tick(
        time: Self.at(time), symbol: SymbolID(rawValue: UInt32(symbol)),
        last: prices[symbol] * (isGlitch ? 1.2 : 1),
        lastSize: Double(Int.random(in: 1...9, using: &random)), flags: .trade)
      arrivals.append((time + delay, tick))
    }
    arrivals.sort { $0.place < $1.place }
    return arrivals.enumerated().map {
      SequencedTick(sequence: UInt64($0.offset + 1), tick: $0.element.tick)
    }
  }
}

extension PipelineConfiguration {
  static func correcting(
    _ estimator: CorrelationEstimator, horizon: Nanoseconds? = .seconds(12),
    lateness: Nanoseconds = .zero
  ) throws -> PipelineConfiguration {
    PipelineConfiguration(
      normalization: try NormalizationConfiguration(
        price: .last, lateness: lateness, maximumGap: 2,
        corrections: horizon.map { .on(horizon: $0) } ?? .off),
      correlation: try CorrelationConfiguration(estimator: estimator, minimumPeriods: 3))
  }
}
