/// The sums of two quantities over a window, each as it is.
struct Sums: WindowSummary {
  var values: SIMD2<Double>

  static var empty: Sums { Sums(values: .zero) }

  init(values: SIMD2<Double>) { self.values = values }

  init(_ sample: SIMD2<Double>, around centre: SIMD2<Double>) { values = sample }

  mutating func add(_ other: Sums) { values += other.values }
}
