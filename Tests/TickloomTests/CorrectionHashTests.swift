import Testing

@testable import Tickloom

/// The hashes of versions, computed by hand from the bars that came out.
struct CorrectionHashTests {
  init() { BLAS.useOneThread() }

  typealias Rows = [Timestamp: [SymbolID: UInt64]]

  /// The rows of the slots that end at or before `clock`, by the definition.
  func rows(_ bars: [BarName: CleanBar], through clock: Timestamp) -> Rows {
    var rows: Rows = [:]
    var lastSlot: Timestamp?
    var lastOfSymbol: [SymbolID: Timestamp] = [:]
    let names = bars.keys.sorted().filter { $0.start + .seconds(1) <= clock }
    for slot in Set(names.map(\.start)).sorted() {
      for name in names where name.start == slot {
        guard let bar = bars[name] else { continue }
        if let lastSlot, lastOfSymbol[name.symbol] == lastSlot, bar.isValid,
          bar.logReturn.isFinite
        {
          rows[slot, default: [:]][name.symbol] = bar.logReturn.bitPattern
        }
        lastOfSymbol[name.symbol] = slot
      }
      lastSlot = slot
    }
    return rows
  }

  /// The bytes of numbers, little endian, one after the other.
  struct Bytes {
    var all: [UInt8] = []

    mutating func add(_ value: some FixedWidthInteger) {
      for place in 0..<value.bitWidth / 8 {
        all.append(UInt8(truncatingIfNeeded: value >> (8 * place)))
      }
    }

    /// A hash stands with its most significant byte first.
    mutating func add(_ hash: Hash128) {
      add(hash.high.byteSwapped)
      add(hash.low.byteSwapped)
    }
  }

  struct Chain {
    var hash: Hash128
    var moment = Timestamp.distantPast

    mutating func add(row start: Timestamp, _ row: [SymbolID: UInt64]) {
      var bytes = Bytes()
      moment = start
      bytes.add(hash)
      bytes.add(start.nanoseconds)
      for (symbol, bits) in row.sorted(by: { $0.key < $1.key }) {
        bytes.add(symbol.rawValue)
        bytes.add(bits)
      }
      hash = Hash128(of: bytes.all.span)
    }

    /// Returns how many returns are not what they were, and how many of them are gone.
    mutating func add(
      correctionFrom before: Rows, to after: Rows
    ) -> (changed: Int, gone: Int) {
      var bytes = Bytes()
      moment = max(moment, after.keys.max() ?? .distantPast)
      bytes.add(hash)
      bytes.add(moment.nanoseconds)
      var (count, gone) = (0, 0)
      for start in Set(before.keys).union(after.keys).sorted() {
        let (old, new) = (before[start] ?? [:], after[start] ?? [:])
        for symbol in Set(old.keys).union(new.keys).sorted() where old[symbol] != new[symbol] {
          bytes.add(start.nanoseconds)
          bytes.add(symbol.rawValue)
          bytes.add(new[symbol] ?? Double.nan.bitPattern)
          count += 1
          gone += new[symbol] == nil ? 1 : 0
        }
      }
      hash = Hash128(of: bytes.all.span)
      return (count, gone)
    }
  }

  @Test(arguments: [UInt64(1), 3, 4])
  func `every hash is the one the definition gives`(seed: UInt64) throws {
    let configuration = try PipelineConfiguration.correcting(.rolling(window: 8))
    var pipeline = try Pipeline(configuration: configuration)
    var output = CorrectionFollower()
    var chain = Chain(hash: Hash128(of: configuration.text.utf8Span.span))
    var known: Rows = [:]
    var (changed, appeared, gone, unchanged) = (0, 0, 0, 0)
    var market = LateMarket(seed: seed)
    // Few ticks: a late one often finds no bar in its slot.
    (market.symbols, market.ticksPerSecond, market.lateShare) = (3, 3, 0.2)
    for tick in market.ticks() {
      let (corrections, versions) = (output.corrections.count, output.versions.count)
      let one = [tick]
      try pipeline.process(one.span, into: &output)
      if output.versions.count == versions { continue }
      let now = rows(output.bars, through: pipeline.gate.marketClock)
      if output.corrections.count > corrections {
        #expect(output.versions.count == versions + 1)
        let count = chain.add(correctionFrom: known, to: now)
        changed += count.changed
        gone += count.gone
        unchanged += count.changed == 0 ? 1 : 0
        appeared += now.keys.contains { known[$0] == nil } ? 1 : 0
        #expect(output.versions.last?.hash == chain.hash, "seed \(seed), tick \(tick.sequence)")
        #expect(output.versions.last?.start == chain.moment)
      } else {
        let new = now.keys.filter { known[$0] == nil }.sorted()
        #expect(output.versions.count == versions + new.count)
        for (start, version) in zip(new, output.versions[versions...]) {
          chain.add(row: start, now[start] ?? [:])
          #expect(version.hash == chain.hash, "seed \(seed), tick \(tick.sequence)")
          #expect(version.start == start)
        }
      }
      known = now
    }
    // All kinds of changes are among them.
    #expect(changed > 20 && unchanged > 3 && appeared > 1 && gone > 0)
  }

  @Test func `the chain names the horizon, and without corrections stays what it was`() throws {
    let with = try PipelineConfiguration.correcting(.rolling(window: 8), horizon: .seconds(90))
    let without = try PipelineConfiguration.correcting(.rolling(window: 8), horizon: nil)
    #expect(with.text == without.text + ";corrections=90s")
    let ahead = try with.with(maximumAhead: .seconds(5))
    #expect(ahead.normalization.corrections == .on(horizon: .seconds(90)))
    #expect(
      without.text
        == "timeframe=1s;price=last;lateness=0s;idle=2s;max-gap=2;estimator=rolling:8;min-periods=3"
    )
  }
}
