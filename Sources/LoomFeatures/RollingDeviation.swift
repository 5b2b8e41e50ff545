internal import LoomCore

/// Mean and squared deviations of the last `length` finite values.
///
/// The powers are of distances from a centre near the mean. Where the mean has wandered so far
/// from it that the variance would lose more than ten bits, the centre moves to the mean. That is
/// computed from distances to the newest value, so where all are equal it is that value, and the
/// variance is exactly 0.
struct RollingDeviation: SnapshotState, Sendable {
  private var window: SlidingWindow<Powers>
  private let share: Double

  init(length: Int) {
    precondition(length >= 2, "a deviation needs 2 values or more, not \(length)")
    window = SlidingWindow(length: length, centre: 0)
    share = 1 / Double(length)
  }

  /// The state of a full window.
  struct State {
    /// The newest value less the mean.
    var distance: Double
    /// The mean.
    var mean: Double
    /// Σ(x − mean)²; exactly 0 where all values are equal.
    var squares: Double

    /// The newest value in deviations from the mean, with `freedom` parts to the variance.
    func score(freedom: Double) -> Double { distance / (squares / freedom).squareRoot() }
  }

  /// Takes in a value; nil until as many finite ones have come without another between them.
  @inline(__always)
  mutating func push(_ value: Double) -> State? {
    guard value.isFinite else {
      window.restart()
      return nil
    }
    guard let powers = window.push(value) else { return nil }
    let offset = powers.sums[0] * share
    let squares = powers.sums[1] - powers.sums[0] * offset
    if squares * 1024 < powers.sums[1] { return recentre(value) }
    return State(
      distance: value - window.centre - offset, mean: window.centre + offset, squares: squares)
  }

  @inline(never)
  private mutating func recentre(_ value: Double) -> State {
    let mean = value + window.reduce(0) { $0 + ($1 - value) } * share
    let centre = mean.isFinite ? mean : value
    let sums = window.recentre(at: centre).sums
    let offset = sums[0] * share
    return State(
      distance: value - centre - offset, mean: centre + offset,
      squares: max(0, sums[1] - sums[0] * offset))
  }

  mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try window.transfer(through: &coder)
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
