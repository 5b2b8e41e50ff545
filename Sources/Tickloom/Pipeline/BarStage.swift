internal import LoomCore
internal import LoomNormalization

/// Accepted ticks to clean bars: what each symbol goes through alone.
///
/// Its symbols share nothing but the moments at which the market clock closes bars, which it is told.
struct BarStage: ~Copyable, Sendable {
  /// What was completed last, in order of time per symbol.
  private(set) var bars: [CleanBar] = []
  /// Bars that no late tick can reach any more, as they are, since the last time; with corrections on.
  private(set) var left: [CleanBar] = []
  /// What ``correct(_:)`` has found last.
  private(set) var correction = BarCorrection()

  private var builder: BarBuilder
  private var cleaner: BarCleaner
  private var corrector: BarCorrector?
  private var closed: [Bar] = []
  private var states = ClosedStates()

  init(configuration: NormalizationConfiguration) {
    builder = BarBuilder(configuration: configuration)
    cleaner = BarCleaner(configuration: configuration)
    corrector = BarCorrector(configuration: configuration)
  }

  private init(
    builder: consuming BarBuilder, cleaner: consuming BarCleaner,
    corrector: consuming BarCorrector?
  ) {
    self.builder = builder
    self.cleaner = cleaner
    self.corrector = corrector
  }

  /// A stage of every `count`-th symbol from the `index`-th on, as they are, numbered 0, 1, 2 …; not
  /// while bars wait to be completed.
  func part(_ index: Int, of count: Int) -> BarStage {
    precondition(closed.isEmpty, "\(closed.count) bars are not complete")
    return BarStage(
      builder: builder.part(index, of: count), cleaner: cleaner.part(index, of: count),
      corrector: corrector?.part(index, of: count))
  }

  /// Whether late ticks correct bars.
  var isCorrecting: Bool { corrector != nil }

  /// Folds ticks into bars; those that close wait for ``complete()``.
  mutating func fold(_ ticks: Span<PricedTick>) {
    if corrector == nil { return builder.build(ticks, into: &closed) }
    builder.build(ticks, into: &closed, keeping: &states)
  }

  /// Takes bars that were closed before, in order of time per symbol; they wait for ``complete()``.
  mutating func restore(_ bars: Span<Bar>) {
    builder.restore(bars)
    if corrector != nil { states.restore(bars, builder.configuration.timeframe) }
    for index in bars.indices { closed.append(bars[index]) }
  }

  /// Closes every bar that ends at or before `clock`; `cause` is the last input taken before.
  mutating func close(through clock: Timestamp, cause: UInt64) {
    if corrector == nil {
      return builder.close(through: clock, cause: cause, into: &closed)
    }
    builder.close(through: clock, cause: cause, into: &closed, keeping: &states)
  }

  /// Replaces ``bars`` by those that have closed since the last time; false where there are none.
  mutating func complete() -> Bool {
    if closed.isEmpty { return false }
    Self.clean(&closed, into: &bars, by: &cleaner)
    if corrector != nil {
      left.removeAll(keepingCapacity: true)
      Self.note(bars, in: &corrector, &states, left: &left)
    }
    return true
  }

  /// Corrects the bar of a late tick, and those after it, into ``correction``.
  ///
  /// What has closed was completed, and corrections are on.
  mutating func correct(_ tick: PricedTick) {
    precondition(closed.isEmpty, "\(closed.count) bars are not complete")
    corrector?.correct(tick, of: &builder, by: &cleaner, into: &correction)
  }

  private static func note(
    _ bars: borrowing [CleanBar], in corrector: inout BarCorrector?,
    _ states: inout ClosedStates, left: inout [CleanBar]
  ) {
    corrector?.note(bars.span, &states, left: &left)
  }

  // A span of a stored array borrows all of the stage, one of a parameter nothing else; and an array
  // that is moved out and back, which would do as well, is retained.
  private static func clean(
    _ closed: inout [Bar], into bars: inout [CleanBar], by cleaner: inout BarCleaner
  ) {
    bars.removeAll(keepingCapacity: true)
    cleaner.clean(closed.span, into: &bars)
    closed.removeAll(keepingCapacity: true)
  }

  /// Transfers the bars of one symbol; nothing waits to be completed, and once all were read
  /// ``adopt()`` is called.
  mutating func transfer<Coder: SnapshotCoder>(
    _ symbol: SymbolID, through coder: inout Coder
  ) throws(SnapshotError) {
    precondition(closed.isEmpty, "\(closed.count) bars are not complete")
    try builder.transfer(symbol, through: &coder)
    try cleaner.transfer(symbol, through: &coder)
    try corrector?.transfer(symbol, through: &coder)
  }

  /// Goes on with symbols that were read.
  mutating func adopt() { builder.adopt() }
}
