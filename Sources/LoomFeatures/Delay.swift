internal import LoomCore

/// The value that came `length` values ago.
struct Delay: SnapshotState, Sendable {
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

  mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try coder.elements(&values)
    try coder.value(&place)
    try coder.require(place >= 0 && place < values.count, "a place in a window")
  }
}
