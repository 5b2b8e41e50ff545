internal import LoomCore
internal import LoomFeatures

/// Clean bars to feature rows: a feature set for each symbol.
struct FeatureStage<Members: Feature>: ~Copyable, Sendable {
  /// The rows of the valid ones among the bars taken last, in their order.
  private(set) var rows: [FeatureRow] = []

  private let makeSet: @Sendable () -> FeatureSet<Members>
  private var sets: [FeatureSet<Members>]

  init(
    _ sets: [FeatureSet<Members>] = [], makeSet: @escaping @Sendable () -> FeatureSet<Members>
  ) {
    self.sets = sets
    self.makeSet = makeSet
  }

  /// A stage of every `count`-th symbol from the `index`-th on, as they are: numbered from 0.
  func part(_ index: Int, of count: Int) -> FeatureStage {
    let part = stride(from: index, to: sets.count, by: count).map { sets[$0] }
    return FeatureStage(part, makeSet: makeSet)
  }

  /// Replaces ``rows`` by those of `bars`.
  mutating func update(_ bars: Span<CleanBar>) {
    rows.removeAll(keepingCapacity: true)
    for index in bars.indices {
      let symbol = bars[index].bar.symbol.index
      while sets.count <= symbol { sets.append(makeSet()) }
      if bars[index].isValid { rows.append(sets[symbol].update(bars[index])) }
    }
  }
}
