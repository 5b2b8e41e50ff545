/// The co-moments of the last n pairs of neighbours, (x_t, x_{t−1}), of a series of finite values.
struct RollingComoments: Sendable {
  private var window: SlidingWindow<Products>
  private var run = EqualRun()
  private var previous = Double.nan

  init(length: Int) {
    precondition(length >= 2, "a covariance needs 2 pairs or more, not \(length)")
    window = SlidingWindow(length: length, centre: .zero)
  }

  /// The state of a full window: sums of products of distances from the means.
  struct State {
    /// Σ(x_t − mean)², and the same of x_{t−1}; both 0 where either is the same throughout.
    var squares: SIMD2<Double>
    /// Σ(x_t − mean)(x_{t−1} − mean).
    var product: Double
  }

  /// Takes in a value; nil until n + 1 finite ones have come without another between them.
  mutating func push(_ value: Double) -> State? {
    let pair = SIMD2(value, previous)
    previous = value
    guard pair[0].isFinite, pair[1].isFinite else {
      window.restart()
      run.push(value)
      return nil
    }
    let earlierRun = run.length
    run.push(value)
    window.push(pair)
    guard window.isFull else { return nil }
    if run.length >= window.length || earlierRun >= window.length {
      return State(squares: .zero, product: 0)
    }
    let sums = window.summary
    var result = state(sums)
    if any(result.squares * 1024 .< sums.squares) {
      recentre(pair)
      result = state(window.summary)
    }
    return result
  }

  private func state(_ sums: Products) -> State {
    let offsets = sums.distances / Double(window.length)
    return State(
      squares: pointwiseMax(.zero, sums.squares - sums.distances * offsets),
      product: sums.product - sums.distances[0] * offsets[1])
  }

  private mutating func recentre(_ pair: SIMD2<Double>) {
    var sum = SIMD2<Double>.zero
    window.forEach { sum += $0 - pair }
    let means = pair + sum / Double(window.length)
    window.recentre(at: means[0].isFinite && means[1].isFinite ? means : pair)
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
