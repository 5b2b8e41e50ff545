internal import LoomCore
internal import LoomFeatures
internal import LoomNormalization

/// Clean bars to feature rows: a feature set for each symbol.
struct FeatureStage<Members: Feature>: ~Copyable, Sendable {
  /// The rows of the valid ones among the bars taken last, in their order.
  private(set) var rows: [FeatureRow] = []

  /// Where features that throw are noted.
  let failures: FeatureFailures
  /// Whether any can; asked for once, as every member is asked.
  private let mayThrow = Members.mayThrow

  /// Which symbols these are: every `step`-th from `first` on.
  private let first: Int
  private let step: Int
  private let makeSet: @Sendable () -> FeatureSet<Members>
  private var sets: [FeatureSet<Members>]
  /// With corrections on: as they were before the bars that a late tick can reach.
  private var lagging: [FeatureSet<Members>]

  init(
    _ sets: [FeatureSet<Members>] = [], lagging: [FeatureSet<Members>] = [],
    failures: FeatureFailures = FeatureFailures(), first: Int = 0, step: Int = 1,
    makeSet: @escaping @Sendable () -> FeatureSet<Members>
  ) {
    self.sets = sets
    self.lagging = lagging
    self.failures = failures
    self.first = first
    self.step = step
    self.makeSet = makeSet
  }

  /// A stage of every `count`-th symbol from the `index`-th on, as they are: numbered from 0.
  func part(_ index: Int, of count: Int) -> FeatureStage {
    let part = stride(from: index, to: sets.count, by: count).map { sets[$0] }
    let behind = stride(from: index, to: lagging.count, by: count).map { lagging[$0] }
    return FeatureStage(
      part, lagging: behind, failures: failures, first: index, step: count, makeSet: makeSet)
  }

  /// Replaces ``rows`` by those of `bars`.
  mutating func update(_ bars: Span<CleanBar>) {
    rows.removeAll(keepingCapacity: true)
    for index in bars.indices {
      let symbol = bars[index].bar.symbol.index
      while sets.count <= symbol { sets.append(makeSet()) }
      if bars[index].isValid {
        rows.append(sets[symbol].update(named(bars[index])))
        if mayThrow { noteFailure(symbol) }
      }
    }
  }

  /// The bar with the identifier that its symbol has everywhere else: a feature may look at it.
  @inline(__always)
  private func named(_ bar: CleanBar) -> CleanBar {
    if step == 1 { return bar }
    var bar = bar
    bar.bar.symbol = name(bar.bar.symbol.index)
    return bar
  }

  private func name(_ symbol: Int) -> SymbolID {
    SymbolID(rawValue: UInt32(symbol * step + first))
  }

  private func noteFailure(_ symbol: Int) {
    guard let failure = sets[symbol].failure else { return }
    failures.note(failure, name(symbol))
  }

  /// Takes note of bars that no late tick can reach any more.
  mutating func leave(_ bars: Span<CleanBar>) {
    for index in bars.indices {
      let symbol = bars[index].bar.symbol.index
      while lagging.count <= symbol { lagging.append(makeSet()) }
      if bars[index].isValid { _ = lagging[symbol].update(named(bars[index])) }
    }
  }

  /// Replaces ``rows`` by those of a symbol's bars that are not what they were, and goes on as if the
  /// late tick had been in time.
  mutating func correct(_ correction: borrowing BarCorrection) {
    rows.removeAll(keepingCapacity: true)
    let symbol = correction.symbol.index
    while sets.count <= symbol { sets.append(makeSet()) }
    var new = symbol < lagging.count ? lagging[symbol] : makeSet()
    for bar in correction.unchanged where bar.isValid { _ = new.update(named(bar)) }
    var old = new
    var next = 0
    for bar in correction.after {
      var was: FeatureRow?
      if next < correction.before.count, correction.before[next].bar.start == bar.bar.start {
        if correction.before[next].isValid { was = old.update(named(correction.before[next])) }
        next += 1
      }
      if !bar.isValid { continue }
      let row = new.update(named(bar))
      if was.map({ !row.hasValues(of: $0) }) ?? true { rows.append(row) }
    }
    sets[symbol] = new
  }

  /// Transfers the features of one symbol, with those that lag behind for corrections.
  mutating func transfer<Coder: SnapshotCoder>(
    _ symbol: SymbolID, isCorrecting: Bool, through coder: inout Coder
  ) throws(SnapshotError) {
    try Self.transfer(symbol.index, of: &sets, makeSet, through: &coder)
    if isCorrecting { try Self.transfer(symbol.index, of: &lagging, makeSet, through: &coder) }
  }

  private static func transfer<Coder: SnapshotCoder>(
    _ symbol: Int, of sets: inout [FeatureSet<Members>], _ makeSet: () -> FeatureSet<Members>,
    through coder: inout Coder
  ) throws(SnapshotError) {
    var set = !Coder.isReading && symbol < sets.count ? sets[symbol] : makeSet()
    try set.transfer(through: &coder)
    if !Coder.isReading { return }
    while sets.count <= symbol { sets.append(makeSet()) }
    sets[symbol] = set
  }
}

extension FeatureRow {
  /// Whether the values have the same bits.
  fileprivate func hasValues(of other: FeatureRow) -> Bool {
    let (values, others) = (values.span, other.values.span)
    for place in 0..<Int(count) where values[place].bitPattern != others[place].bitPattern {
      return false
    }
    return true
  }
}
