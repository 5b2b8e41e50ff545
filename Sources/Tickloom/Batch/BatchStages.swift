internal import LoomCore
internal import LoomNormalization

/// The stages of one symbol up to its clean bars.
///
/// There is no market clock: it only tells when bars are final, and here all are in the end.
struct BatchStages: ~Copyable {
  private var gate: Guard
  private var builder: BarBuilder
  private var cleaner: BarCleaner
  private var stamped: [SequencedTick] = []
  private var priced: [PricedTick] = []
  private var rejections: [Rejection] = []
  private var closed: [Bar] = []
  private var bars: [CleanBar] = []

  /// The stages know one symbol, by this.
  private static var alone: SymbolID { SymbolID(rawValue: 0) }

  init(configuration: NormalizationConfiguration) {
    gate = Guard(configuration: configuration)
    builder = BarBuilder(configuration: configuration)
    cleaner = BarCleaner(configuration: configuration)
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

  /// Closes every bar.
  mutating func finish() {
    builder.closeAll(into: &closed)
    clean()
  }

  private mutating func clean() {
    var raw = take(&closed)
    cleaner.clean(raw.span, into: &bars)
    raw.removeAll(keepingCapacity: true)
    closed = raw
  }

  /// The bars so far, named after `symbol`; then there are none.
  mutating func takeBars(symbol: SymbolID) -> [CleanBar] {
    for index in bars.indices { bars[index].bar.symbol = symbol }
    return take(&bars)
  }
}
