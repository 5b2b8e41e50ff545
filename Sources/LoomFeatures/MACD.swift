public import LoomCore

/// The moving average convergence divergence, its signal line, and their difference.
///
/// The line is EMA(fast) − EMA(slow) of the close, the signal its EMA. The fast average is seeded
/// with the last `fast` of the first `slow` closes. In price. All three are defined from valid bar
/// slow + signal − 1 on; a bar that would make one not finite is skipped, which repeats the last
/// values. Exactly TA-Lib's `MACD`; source: Appel, "The Moving Average Convergence-Divergence
/// Trading Method" (1979).
public struct MACD: Feature, SnapshotState {
  /// `macd_F_S_G`, `macd_signal_F_S_G`, `macd_histogram_F_S_G`.
  public let names: [String]
  private var fast: ExponentialAverage
  private var slow: ExponentialAverage
  private var signal: ExponentialAverage
  private var early: Int

  /// Creates the three with averages over `fast` < `slow` bars and `signal` lines, at least 2 each.
  public init(fast: Int = 12, slow: Int = 26, signal: Int = 9) {
    precondition(fast < slow, "the fast window \(fast) is not below the slow one, \(slow)")
    let windows = "\(fast)_\(slow)_\(signal)"
    names = ["macd_", "macd_signal_", "macd_histogram_"].map { $0 + windows }
    self.fast = ExponentialAverage(length: fast)
    self.slow = ExponentialAverage(length: slow)
    self.signal = ExponentialAverage(length: signal)
    early = slow - fast
  }

  /// Takes in a bar and appends the three.
  public mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    let close = bar.bar.close
    if early > 0 { early -= 1 } else { _ = fast.push(close) }
    let line = fast.value - slow.push(close)
    let smooth = signal.push(line)
    row.append(smooth.isNaN ? .nan : line)
    row.append(smooth)
    row.append(line - smooth)
  }

  /// Transfers the averages.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try fast.transfer(through: &coder)
    try slow.transfer(through: &coder)
    try signal.transfer(through: &coder)
    try coder.count(&early)
  }
}
