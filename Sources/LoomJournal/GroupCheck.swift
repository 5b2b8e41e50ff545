internal import LoomCore

/// Whether the inputs of a group are all there, once each.
struct GroupCheck {
  /// Sequences that are missing, in order.
  private(set) var missing: [ClosedRange<UInt64>] = []
  /// How many inputs are there twice or belong elsewhere.
  private(set) var superfluous = 0

  /// Looks at the inputs, in any order, of the group of the `expected` sequences.
  init(_ ticks: borrowing [SequencedTick], expected: Range<UInt64>) {
    // What a damaged row says may be more than an Int counts.
    let count = min(expected.upperBound - expected.lowerBound, UInt64(BlockEncoder.groupMaximum))
    var isThere = [Bool](repeating: false, count: Int(count))
    for index in ticks.indices {
      let offset = ticks[index].sequence &- expected.lowerBound
      if offset < UInt64(isThere.count), !isThere[Int(offset)] {
        isThere[Int(offset)] = true
      } else {
        superfluous += 1
      }
    }
    var start: UInt64?
    for (place, isThere) in isThere.enumerated() {
      let sequence = expected.lowerBound + UInt64(place)
      if !isThere && start == nil { start = sequence }
      if isThere, let first = start {
        missing.append(first...(sequence - 1))
        start = nil
      }
    }
    let rest = start ?? expected.lowerBound + UInt64(isThere.count)
    if rest < expected.upperBound { missing.append(rest...(expected.upperBound - 1)) }
  }
}
