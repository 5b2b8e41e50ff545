/// The largest value of a window.
struct Maximum: WindowSummary {
  var value: Double

  static var empty: Maximum { Maximum(-.infinity, around: 0) }

  init(_ sample: Double, around centre: Double) { value = sample }

  mutating func add(_ other: Maximum) { value = value > other.value ? value : other.value }
}
