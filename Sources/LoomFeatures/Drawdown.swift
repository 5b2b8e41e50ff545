public import LoomCore

/// How far the close is below the highest close of the last n bars: C / max C − 1.
///
/// A fraction, at most 0. Defined from valid bar n on. Source: exact.
public struct Drawdown: Feature, SnapshotState {
  /// `drawdown_n`.
  public let names: [String]
  private var closes: SlidingWindow<Maximum>

  /// Creates the drawdown over `window` bars, at least 1.
  public init(window: Int = 60) {
    names = ["drawdown_\(window)"]
    closes = SlidingWindow(length: window, centre: 0)
  }

  /// Takes in a bar and appends the drawdown.
  public mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    let highest = closes.push(bar.bar.close)?.value ?? .nan
    row.append(bar.bar.close / highest - 1)
  }

  /// Transfers the window.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try closes.transfer(through: &coder)
  }
}
