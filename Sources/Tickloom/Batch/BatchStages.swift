internal import LoomCore
internal import LoomNormalization

/// The stages up to the clean bars, for one symbol after another.
///
/// There is no market clock: it only tells when bars are final, and here all are in the end.
struct BatchStages: ~Copyable {
  private let configuration: NormalizationConfiguration
  private var gate: Guard
  private var builder: BarBuilder
  private var cleaner: BarCleaner

  // Storage that each symbol reuses.
  private var stamped: [SequencedTick] = []
  private var priced: [PricedTick] = []
  private var rejections: [Rejection] = []
  private var closed: [Bar] = []
  private var bars: [CleanBar] = []

  /// The stages know one symbol, by this.
  private static var alone: SymbolID { SymbolID(rawValue: 0) }

  init(configuration: NormalizationConfiguration) {
    self.configuration = configuration
    gate = Guard(configuration: configuration)
    builder = BarBuilder(configuration: configuration)
    cleaner = BarCleaner(configuration: configuration)
  }

  /// Forgets everything: a new symbol begins.
  mutating func restart() {
    gate = Guard(configuration: configuration)
    builder = BarBuilder(configuration: configuration)
    cleaner = BarCleaner(configuration: configuration)
    bars.removeAll(keepingCapacity: true)
  }

  /// How the inputs ended.
  var counters: TickCounters { gate.total }

  /// Takes some ticks, of which the first has the place `first` among all.
  mutating func process(_ ticks: Span<Tick>, first: Int) {
    var batch = take(&stamped)
    batch.removeAll(keepingCapacity: true)
    for index in ticks.indices {
      var tick = ticks[index]
      tick.symbol = Self.alone
      batch.append(SequencedTick(sequence: UInt64(first + index + 1), tick: tick))
    }
    while priced.count < ticks.count {
      priced.append(
        PricedTick(time: .distantPast, symbol: Self.alone, price: .nan, sequence: 0))
    }
    var accepted = take(&priced)
    var room = accepted.mutableSpan
    let count = gate.admit(batch.span, into: &room, rejected: &rejections)
    rejections.removeAll(keepingCapacity: true)
    builder.build(accepted.span.extracting(0..<count), into: &closed)
    priced = accepted
    stamped = batch
    clean()
  }

  /// Closes every bar and returns all of them, named after `symbol`.
  mutating func finish(symbol: SymbolID) -> [CleanBar] {
    builder.closeAll(into: &closed)
    clean()
    // A copy of the right size: what grew by doubling is kept for the next symbol.
    return Self.copy(bars.span, symbol)
  }

  private static func copy(_ bars: Span<CleanBar>, _ symbol: SymbolID) -> [CleanBar] {
    [CleanBar](capacity: bars.count) { room in
      for index in bars.indices {
        var bar = bars[index]
        bar.bar.symbol = symbol
        room.append(bar)
      }
    }
  }

  private mutating func clean() {
    var raw = take(&closed)
    cleaner.clean(raw.span, into: &bars)
    raw.removeAll(keepingCapacity: true)
    closed = raw
  }
}
