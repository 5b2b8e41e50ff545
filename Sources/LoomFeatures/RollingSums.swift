internal import LoomCore

/// The sums of two quantities over the last `length` values.
struct RollingSums: SnapshotState, Sendable {
  private var window: SlidingWindow<Sums>

  init(length: Int) { window = SlidingWindow(length: length, centre: .zero) }

  /// Takes in a value of each; NaN until `length` finite pairs have come in a row.
  mutating func push(_ values: SIMD2<Double>) -> SIMD2<Double> {
    guard values[0].isFinite, values[1].isFinite else {
      window.restart()
      return SIMD2(repeating: .nan)
    }
    return window.push(values)?.values ?? SIMD2(repeating: .nan)
  }

  mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try window.transfer(through: &coder)
  }
}
