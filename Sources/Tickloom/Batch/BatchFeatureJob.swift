internal import LoomCore
internal import LoomFeatures
internal import LoomSystem

/// Takes one symbol from its clean bars to its features.
struct BatchFeatureJob<Members: Feature>: Sendable {
  let cancellation: Cancellation

  /// How many rows there are between two looks at the cancellation.
  private static var batchCount: Int { 256 }

  /// The symbol with its features; with some rows only where the batch was cancelled.
  ///
  /// `empty` has seen no bar. It is copied: to make a set, with all its names, costs far more.
  func run(_ symbol: BatchSymbol, empty: FeatureSet<Members>) -> BatchSymbol {
    let start = MonotonicClock.nanoseconds
    var symbol = symbol
    symbol.features = features(at: symbol.bars.span, empty)
    symbol.nanoseconds += MonotonicClock.nanoseconds - start
    return symbol
  }

  // Where the members are not known when it is compiled, each is called through a table of its own.
  @specialized(where Members == StandardFeatures)
  private func features(
    at bars: Span<CleanBar>, _ empty: FeatureSet<Members>
  ) -> BatchFeatures {
    var set = empty
    var rowCount = 0
    for index in bars.indices where bars[index].isValid { rowCount += 1 }
    var features = BatchFeatures(columnCount: set.names.count, rowCount: rowCount)
    var row = FeatureRow(start: .distantPast, symbol: .unknown, count: 0)
    for index in bars.indices where bars[index].isValid {
      if features.rowCount % Self.batchCount == 0, cancellation.isRequested { break }
      set.update(bars[index], into: &row)
      features.append(row)
    }
    return features
  }
}
