/// Mean and squared deviations of the last `length` finite values.
///
/// The powers are of distances from a centre near the mean. Where the mean has wandered so far
/// from it that the variance would lose more than ten bits, the centre moves to the mean.
struct RollingDeviation: Sendable {
  private var window: SlidingWindow<Powers>
  private var run = EqualRun()

  init(length: Int) {
    precondition(length >= 2, "a deviation needs 2 values or more, not \(length)")
    window = SlidingWindow(length: length, centre: 0)
  }

  /// The state of a full window.
  struct State {
    /// The newest value less the mean.
    var distance: Double
    /// The mean.
    var mean: Double
    /// Σ(x − mean)²; exactly 0 where all values are equal.
    var squares: Double
  }

  /// Takes in a value; nil until as many finite ones have come without another between them.
  mutating func push(_ value: Double) -> State? {
    guard value.isFinite else {
      window.restart()
      return nil
    }
    run.push(value)
    window.push(value)
    guard window.isFull else { return nil }
    if run.length >= window.length { return State(distance: 0, mean: value, squares: 0) }
    var result = state(value)
    if result.squares * 1024 < window.summary.sums[1] {
      recentre(value)
      result = state(value)
    }
    return result
  }

  private func state(_ value: Double) -> State {
    let sums = window.summary.sums
    let offset = sums[0] / Double(window.length)
    return State(
      distance: value - window.centre - offset, mean: window.centre + offset,
      squares: max(0, sums[1] - sums[0] * offset))
  }

  private mutating func recentre(_ value: Double) {
    var sum = 0.0
    window.forEach { sum += $0 - value }
    let mean = value + sum / Double(window.length)
    window.recentre(at: mean.isFinite ? mean : value)
  }
}

/// The first two powers of the distance from the centre.
private struct Powers: WindowSummary {
  var sums: SIMD2<Double>

  static var empty: Powers { Powers(sums: .zero) }

  init(sums: SIMD2<Double>) { self.sums = sums }

  init(_ sample: Double, around centre: Double) {
    let distance = sample - centre
    sums = SIMD2(distance, distance * distance)
  }

  mutating func add(_ other: Powers) { sums += other.sums }
}
