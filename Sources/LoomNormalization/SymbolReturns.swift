internal import Glibc
internal import LoomCore

/// What one symbol's returns are judged by.
struct SymbolReturns: SnapshotState {
  private static let regimeChange = 5

  private var previousClose = Double.nan
  private var window = ReturnWindow()
  private var outliersInARow = 0

  /// The bar with its return and its flags; then takes note of it.
  @inline(__always)
  mutating func clean(_ bar: Bar, maximumGap: Int64) -> CleanBar {
    // Before the first bar there is no close, and so no return.
    let logReturn = bar.gapSlots > maximumGap ? .nan : log(bar.close / previousClose)
    var flags: BarFlags = []
    if isOutlier(logReturn, gapSlots: bar.gapSlots) { flags.insert(.outlier) }
    let ordered =
      bar.low <= min(bar.open, bar.close) && max(bar.open, bar.close) <= bar.high && bar.low > 0
    if ordered, !flags.contains(.outlier) { flags.insert(.valid) }
    previousClose = bar.close
    return CleanBar(bar: bar, logReturn: logReturn, flags: flags)
  }

  /// Whether `value` is an outlier among the returns before it; then takes note of it.
  ///
  /// The fifth outlier in a row is a change of regime: it is flagged too, then the window restarts
  /// empty.
  private mutating func isOutlier(_ value: Double, gapSlots: Int64) -> Bool {
    guard value.isFinite else { return false }
    guard window.isFar(value, gapSlots: gapSlots) else {
      outliersInARow = 0
      window.insert(value)
      return false
    }
    outliersInARow += 1
    if outliersInARow == Self.regimeChange {
      outliersInARow = 0
      window = ReturnWindow()
    }
    return true
  }

  mutating func transfer<Coder: SnapshotCoder>(through coder: inout Coder) throws(SnapshotError) {
    try coder.value(&previousClose)
    try window.transfer(through: &coder)
    try coder.count(&outliersInARow)
  }
}
