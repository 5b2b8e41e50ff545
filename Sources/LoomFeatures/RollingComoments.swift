internal import LoomCore

/// The co-moments of the last n pairs of neighbours, (x_t, x_{t−1}), of a series of finite values.
///
/// As ``RollingDeviation``, with a centre for each side.
struct RollingComoments: SnapshotState, Sendable {
  private var window: SlidingWindow<Products>
  private var previous = Double.nan
  private let share: Double

  init(length: Int) {
    precondition(length >= 2, "a covariance needs 2 pairs or more, not \(length)")
    window = SlidingWindow(length: length, centre: .zero)
    share = 1 / Double(length)
  }

  /// The state of a full window: sums of products of distances from the means.
  struct State {
    /// Σ(x_t − mean)², and the same of x_{t−1}; exactly 0 where all of them are equal.
    var squares: SIMD2<Double>
    /// Σ(x_t − mean)(x_{t−1} − mean); exactly 0 where a side's values are all equal.
    var product: Double
  }

  /// Takes in a value; nil until n + 1 finite ones have come without another between them.
  mutating func push(_ value: Double) -> State? {
    let pair = SIMD2(value, previous)
    previous = value
    guard pair[0].isFinite, pair[1].isFinite else {
      window.restart()
      return nil
    }
    guard let sums = window.push(pair) else { return nil }
    let result = Self.state(sums, share)
    return any(result.squares * 1024 .< sums.squares) ? recentre(pair) : result
  }

  @inline(never)
  private mutating func recentre(_ pair: SIMD2<Double>) -> State {
    let means = pair + window.reduce(SIMD2.zero) { $0 + ($1 - pair) } * share
    let isFinite = means[0].isFinite && means[1].isFinite
    return Self.state(window.recentre(at: isFinite ? means : pair), share)
  }

  private static func state(_ sums: Products, _ share: Double) -> State {
    let offsets = sums.distances * share
    return State(
      squares: pointwiseMax(.zero, sums.squares - sums.distances * offsets),
      product: sums.product - sums.distances[0] * offsets[1])
  }

  mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try window.transfer(through: &coder)
    try coder.value(&previous)
  }
}

/// First and second powers of the distances from the centre, and their product.
private struct Products: WindowSummary {
  var distances: SIMD2<Double>
  var squares: SIMD2<Double>
  var product: Double

  static var empty: Products { Products(.zero, around: .zero) }

  init(_ sample: SIMD2<Double>, around centre: SIMD2<Double>) {
    distances = sample - centre
    squares = distances * distances
    product = distances[0] * distances[1]
  }

  mutating func add(_ other: Products) {
    distances += other.distances
    squares += other.squares
    product += other.product
  }
}
