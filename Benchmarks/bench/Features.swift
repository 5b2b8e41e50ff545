import LoomCore
import LoomFeatures

/// `features.update.27`: bars through every default feature of one symbol, one bar an iteration.
func featuresUpdate(iterations: Int) {
  var sets = [FeatureSet.standard()]
  runFeatures(&sets, iterations: iterations)
}

/// `features.update.27-of-100`: the same over 100 symbols in turn.
func featuresUpdateOfManySymbols(iterations: Int) {
  var sets = (0..<100).map { _ in FeatureSet.standard() }
  runFeatures(&sets, iterations: iterations)
}

/// `features.update-normalized.54`: every default feature and its z-score, one bar an iteration.
func featuresUpdateNormalized(iterations: Int) {
  var sets = [FeatureSet.standard().normalized()]
  runFeatures(&sets, iterations: iterations)
}

/// Feeds each set in turn and checks that every feature of the last row is a number.
@inline(__always)
private func runFeatures<Members>(_ sets: inout [FeatureSet<Members>], iterations: Int) {
  let bars = featureBars(count: 4096)
  var row = FeatureRow(start: bars[0].bar.start, symbol: bars[0].bar.symbol, count: 0)
  for i in 0..<iterations {
    sets[i % sets.count].update(bars[i / sets.count & 4095], into: &row)
  }
  guard iterations > 400 * sets.count else { return }
  for i in 0..<Int(row.count) { precondition(row.values[i].isFinite, sets[0].names[i]) }
}

/// A seeded random walk of bars with volumes and spreads.
private func featureBars(count: Int) -> [CleanBar] {
  var state: UInt64 = 1
  func uniform() -> Double {
    // Knuth's 64-bit linear congruential generator: steps must only differ.
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) * 0x1p-53
  }
  var close = 100.0
  return (0..<count).map { place in
    let open = close
    let change = 0.002 * (uniform() - 0.5)
    close *= 1 + change
    let bar = Bar(
      start: Timestamp(nanoseconds: Int64(place)), symbol: SymbolID(rawValue: 0), open: open,
      high: max(open, close) * 1.0001, low: min(open, close) * 0.9999, close: close,
      volume: uniform() * 1000, vwap: (open + close) / 2, spreadEstimate: uniform() * 0.01,
      tickCount: Int64(uniform() * 50) + 1)
    return CleanBar(bar: bar, logReturn: change)
  }
}
