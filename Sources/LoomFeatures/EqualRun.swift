/// How many equal values came last: the exact test for a window without variance.
struct EqualRun: Sendable {
  private var value = Double.nan
  /// The length of the run that ends with the last value.
  private(set) var length = 0

  mutating func push(_ value: Double) {
    length = value == self.value ? length + 1 : 1
    self.value = value
  }
}
