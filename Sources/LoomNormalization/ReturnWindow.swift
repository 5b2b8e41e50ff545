internal import LoomCore

/// The last 64 of one symbol's returns that were finite and no outliers.
struct ReturnWindow: SnapshotState {
  private static let length = 64
  private static let minimumCount = 32

  private var returns = InlineArray<64, Double>(repeating: 0)
  /// How many of `returns` are in use, and where the next one goes.
  private var count = 0
  private var next = 0
  /// The ends of the returns in use.
  private var smallest = Double.infinity
  private var largest = -Double.infinity

  /// Takes in a return; beyond 64 it takes the place of the oldest.
  mutating func insert(_ value: Double) {
    let replaced = Self.replace(&returns, next, value)
    next = (next + 1) % Self.length
    if count < Self.length {
      count += 1
    } else if replaced != value, replaced == smallest || replaced == largest {
      // An end has left.
      (smallest, largest) = Self.ends(&returns)
      return
    }
    smallest = min(smallest, value)
    largest = max(largest, value)
  }

  /// Whether `value` lies further than 10·s·√(1 + gap) from the mean of the window.
  ///
  /// s is the sample standard deviation. The window must hold 32 returns and vary by more than 1e-20
  /// of their mean square.
  mutating func isFar(_ value: Double, gapSlots: Int64) -> Bool {
    if count < Self.minimumCount { return false }
    // None of n values is further than s·(n − 1)/√n from their mean, 7.9 s for 64, and so is nothing
    // between them. Source: Samuelson, "How Deviant Can You Be?", JASA 63 (1968).
    if value >= smallest, value <= largest { return false }
    return Self.isFar(value, gapSlots, &returns, count)
  }

  // An inline array that is an inout parameter is read in place; as a property it would be copied.
  private static func replace(
    _ returns: inout InlineArray<64, Double>, _ place: Int, _ value: Double
  ) -> Double {
    var returns = returns.mutableSpan
    let replaced = returns[place]
    returns[place] = value
    return replaced
  }

  private static func ends(
    _ returns: inout InlineArray<64, Double>
  ) -> (smallest: Double, largest: Double) {
    let returns = returns.span
    var (smallest, largest) = (Double.infinity, -Double.infinity)
    for index in returns.indices {
      smallest = min(smallest, returns[index])
      largest = max(largest, returns[index])
    }
    return (smallest, largest)
  }

  private static func isFar(
    _ value: Double, _ gapSlots: Int64, _ returns: inout InlineArray<64, Double>, _ count: Int
  ) -> Bool {
    let window = returns.span.extracting(0..<count)
    var sum = 0.0
    var squares = 0.0
    for index in window.indices {
      sum += window[index]
      squares += window[index] * window[index]
    }
    let mean = sum / Double(count)
    var deviations = 0.0
    for index in window.indices {
      let deviation = window[index] - mean
      deviations += deviation * deviation
    }
    let variance = deviations / Double(count - 1)
    guard variance > 1e-20 * squares / Double(count) else { return false }
    return abs(value - mean) > 10 * variance.squareRoot() * (1 + Double(gapSlots)).squareRoot()
  }

  mutating func transfer<Coder: SnapshotCoder>(through coder: inout Coder) throws(SnapshotError) {
    try coder.value(&returns)
    try coder.value(&count)
    try coder.value(&next)
    try coder.value(&smallest)
    try coder.value(&largest)
    try coder.require(count >= 0 && count <= Self.length, "returns")
    try coder.require(next >= 0 && next < Self.length, "returns")
  }
}
