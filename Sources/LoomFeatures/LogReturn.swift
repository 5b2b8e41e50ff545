internal import Glibc
public import LoomCore

/// The log return over the last n valid bars: ln(C_t / C_{t−n}).
///
/// Gaps are bridged: bars are counted, not slots. No unit. Defined from bar n + 1 on. Meaning as
/// `log(close / close.shift(n))` in pandas.
public struct LogReturn: Feature, SnapshotState {
  /// `log_return_n`.
  public let names: [String]
  private var closes: Delay

  /// Creates the return over `horizon` bars, at least 1.
  public init(horizon: Int) {
    names = ["log_return_\(horizon)"]
    closes = Delay(length: horizon)
  }

  /// Takes in a bar and appends the return.
  public mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    row.append(log(bar.bar.close / closes.push(bar.bar.close)))
  }

  /// Transfers the closes.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try closes.transfer(through: &coder)
  }
}
