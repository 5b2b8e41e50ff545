/// The Tier-1 features of one symbol at one valid bar.
@frozen
public struct FeatureRow: BitwiseCopyable, Sendable {
  /// Most values a row can hold.
  public static var maximumCount: Int { 64 }

  /// Start of the bar.
  public var start: Timestamp
  /// The symbol.
  public var symbol: SymbolID
  /// How many of `values` are in use, from the first.
  public var count: UInt32
  /// The values in the order of the feature set; NaN where a window is not full, and beyond `count`.
  public var values: InlineArray<64, Double>

  /// Creates a row whose values are all NaN.
  @inlinable
  public init(start: Timestamp, symbol: SymbolID, count: Int) {
    precondition(count <= 64, "a row holds 64 values, not \(count)")
    self.start = start
    self.symbol = symbol
    self.count = UInt32(count)
    values = InlineArray(repeating: .nan)
  }
}
