public import LoomCore

/// The quoted spread of the bar as a fraction of its close: spread estimate / C.
///
/// A fraction. Defined from the first valid bar on; NaN where no tick had both sides. Source: exact.
public struct RelativeSpread: Feature, SnapshotState {
  /// `relative_spread`.
  public let names = ["relative_spread"]

  /// Creates the feature.
  public init() {}

  /// Takes in a bar and appends the relative spread.
  public mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    row.append(bar.bar.spreadEstimate / bar.bar.close)
  }

  /// Transfers nothing: it remembers nothing.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
  }
}
