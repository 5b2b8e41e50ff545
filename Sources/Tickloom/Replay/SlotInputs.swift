internal import LoomCore

/// Which inputs the bars of a slot are made of, for the slots whose rows are not out yet.
struct SlotInputs {
  private var slots: [Timestamp: ClosedRange<UInt64>] = [:]
  private var sizeToClear = 256

  mutating func add(_ bar: Bar) {
    let inputs = bar.firstSequence...max(bar.firstSequence, bar.lastSequence)
    let known = slots[bar.start] ?? inputs
    let first = min(known.lowerBound, inputs.lowerBound)
    slots[bar.start] = first...max(known.upperBound, inputs.upperBound)
  }

  /// Those of the slot at `start`; none is told as 0.
  func inputs(at start: Timestamp) -> ClosedRange<UInt64> { slots[start] ?? 0...0 }

  /// Lets go of slots that start before `clock`, now and then.
  mutating func forget(before clock: Timestamp) {
    if slots.count < sizeToClear { return }
    slots = slots.filter { $0.key >= clock }
    sizeToClear = max(256, 2 * slots.count)
  }
}
