public import LoomCore

/// The z-scores of several values, each over its own window of finite values.
@usableFromInline
struct Scores: SnapshotState, Sendable {
  private var windows: [RollingDeviation]
  private let freedom: Double

  init(count: Int, window: Int) {
    windows = (0..<count).map { _ in RollingDeviation(length: window) }
    freedom = Double(window - 1)
  }

  /// Scores the values of `row` from `first` on and appends the results.
  @usableFromInline
  mutating func append(from first: Int, to row: inout FeatureRow) {
    for i in windows.indices {
      let value = row.values[first + i]
      row.append(value.isNaN ? .nan : windows[i].push(value)?.score(freedom: freedom) ?? .nan)
    }
  }

  @usableFromInline
  mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    for index in windows.indices { try windows[index].transfer(through: &coder) }
  }
}
