public import LoomCore

/// Roll's effective spread: 2·√max(0, −cov(ΔC_t, ΔC_{t−1})) over the last n pairs (ddof 1).
///
/// In price. Defined from valid bar n + 2 on. Source: Roll, "A Simple Implicit Measure of the
/// Effective Bid-Ask Spread in an Efficient Market", Journal of Finance 39 (1984).
public struct RollSpread: Feature, SnapshotState {
  /// `roll_spread_n`.
  public let names: [String]
  private var changes: RollingComoments
  private var previous = Double.nan
  private let freedom: Double

  /// Creates the spread over `window` pairs of price changes, at least 2.
  public init(window: Int = 20) {
    names = ["roll_spread_\(window)"]
    changes = RollingComoments(length: window)
    freedom = Double(window - 1)
  }

  /// Takes in a bar and appends the spread.
  public mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    let change = bar.bar.close - previous
    previous = bar.bar.close
    guard let state = changes.push(change) else { return row.append(.nan) }
    row.append(2 * max(0, -state.product / freedom).squareRoot())
  }

  /// Transfers the window and the last close.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try changes.transfer(through: &coder)
    try coder.value(&previous)
  }
}
