public import LoomCore
public import LoomNormalization

/// What a ``Batch`` made of one symbol.
public struct BatchSymbol: Sendable {
  /// The name.
  public let name: String
  /// Its place among the inputs, which is its place in the matrix.
  public let symbol: SymbolID
  /// Its bars in order of time.
  ///
  /// Their sequences count this symbol's inputs: 1 is the first of its ticks.
  public internal(set) var bars: [CleanBar]
  /// The features at each valid bar.
  public internal(set) var features: BatchFeatures
  /// How its inputs ended.
  public internal(set) var counters: TickCounters
  /// Time its worker spent on it, fetching included.
  public internal(set) var nanoseconds: Int64
}
