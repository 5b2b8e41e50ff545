/// The value that came `length` values ago.
struct Delay: Sendable {
  private var values: [Double]
  private var place = 0

  init(length: Int) {
    precondition(length >= 1, "a horizon of \(length) bars is not possible")
    values = Array(repeating: .nan, count: length)
  }

  /// Takes in a value and returns the one `length` before it; NaN where there is none yet.
  mutating func push(_ value: Double) -> Double {
    let delayed = values[place]
    values[place] = value
    place = place + 1 == values.count ? 0 : place + 1
    return delayed
  }
}
