import LoomCore
import LoomNormalization

let first = SymbolID(rawValue: 0)
let second = SymbolID(rawValue: 1)

/// A moment some seconds after 2020-01-01T00:00:00Z.
func at(_ seconds: Double) -> Timestamp {
  Timestamp(nanoseconds: 1_577_836_800_000_000_000 + Int64(seconds * 1e9))
}

func trade(
  _ seconds: Double, _ price: Double, size: Double = 1, symbol: SymbolID = first,
  sequence: UInt64 = 0
) -> Tick {
  Tick(
    time: at(seconds), symbol: symbol, last: price, lastSize: size, venueSequence: sequence,
    flags: .trade)
}

func quote(
  _ seconds: Double, _ bid: Double, _ ask: Double, symbol: SymbolID = first, sequence: UInt64 = 0
) -> Tick {
  Tick(
    time: at(seconds), symbol: symbol, bid: bid, ask: ask, venueSequence: sequence, flags: .quote)
}

/// A guard and a builder in line, fed in batches.
struct Stages: ~Copyable {
  var gate: Guard
  var builder: BarBuilder
  var cleaner: BarCleaner
  var reasons: [RejectReason?] = []
  var bars: [Bar] = []
  private var sequence: UInt64 = 0

  init(_ configuration: NormalizationConfiguration) {
    gate = Guard(configuration: configuration)
    builder = BarBuilder(configuration: configuration)
    cleaner = BarCleaner(configuration: configuration)
  }

  mutating func push(_ ticks: [Tick]) {
    let sequenced = ticks.map { tick in
      sequence += 1
      return SequencedTick(sequence: sequence, tick: tick)
    }
    let empty = PricedTick(time: at(0), symbol: first, price: 0, sequence: 0)
    var accepted = [PricedTick](repeating: empty, count: ticks.count)
    var rejected: [Rejection] = []
    var room = accepted.mutableSpan
    let count = gate.admit(sequenced.span, into: &room, rejected: &rejected)
    var verdicts = [RejectReason?](repeating: nil, count: ticks.count)
    for rejection in rejected { verdicts[rejection.index] = rejection.reason }
    reasons += verdicts
    builder.build(accepted.span.extracting(0..<count), into: &bars)
  }

  mutating func finish() { builder.closeAll(into: &bars) }

  mutating func cleaned() -> [CleanBar] {
    var result: [CleanBar] = []
    let closed = bars
    cleaner.clean(closed.span, into: &result)
    return result
  }
}

/// The reasons for a list of ticks under the default configuration or `configuration`.
func reasons(_ ticks: [Tick], _ configuration: NormalizationConfiguration? = nil) throws
  -> [RejectReason?]
{
  var stages = Stages(try configuration ?? NormalizationConfiguration())
  stages.push(ticks)
  return stages.reasons
}

/// A small generator with a seed, the same on every machine (Steele et al., SplitMix64).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
