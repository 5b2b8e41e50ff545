internal import LoomCore

/// The central moments of the last `length` finite values.
///
/// As ``RollingDeviation``, to the fourth power, and with a centre that stays within one standard
/// deviation of the mean: shifting a moment loses with the power of that distance.
struct RollingShape: SnapshotState, Sendable {
  private var window: SlidingWindow<FourPowers>
  private let share: Double

  init(length: Int) {
    window = SlidingWindow(length: length, centre: 0)
    share = 1 / Double(length)
  }

  /// The mean powers of the distance from the mean; exactly 0 where all values are equal.
  struct Moments {
    var second: Double
    var third: Double
    var fourth: Double
  }

  /// Takes in a finite value; nil until `length` have come.
  mutating func push(_ value: Double) -> Moments? {
    guard let powers = window.push(value) else { return nil }
    let means = powers.sums * share
    return means[0] * means[0] > means[1] / 2 ? recentre(value) : Self.moments(means)
  }

  @inline(never)
  private mutating func recentre(_ value: Double) -> Moments {
    let mean = value + window.reduce(0) { $0 + ($1 - value) } * share
    return Self.moments(window.recentre(at: mean).sums * share)
  }

  private static func moments(_ means: SIMD4<Double>) -> Moments {
    let offset = means[0]
    let square = offset * offset
    return Moments(
      second: max(0, means[1] - square),
      third: means[2] - 3 * offset * means[1] + 2 * offset * square,
      fourth: means[3] - 4 * offset * means[2] + 6 * square * means[1] - 3 * square * square)
  }

  mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try window.transfer(through: &coder)
  }
}

/// The first four powers of the distance from the centre.
private struct FourPowers: WindowSummary {
  var sums: SIMD4<Double>

  static var empty: FourPowers { FourPowers(0, around: 0) }

  init(_ sample: Double, around centre: Double) {
    let distance = sample - centre
    let square = distance * distance
    sums = SIMD4(distance, square, square * distance, square * square)
  }

  mutating func add(_ other: FourPowers) { sums += other.sums }
}
