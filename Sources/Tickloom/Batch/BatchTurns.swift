internal import Synchronization

/// Hands the places of the inputs to workers, those with the most rows first.
final class BatchTurns: Sendable {
  private let order: [Int]
  private let next = Atomic<Int>(0)

  init(_ inputs: [BatchInput]) {
    // The longest last would leave the other workers idle; ties keep the order of the inputs.
    order = inputs.indices.sorted {
      (inputs[$1].expectedCount, $0) < (inputs[$0].expectedCount, $1)
    }
  }

  /// The place of an input that nobody else has; nil when none is left.
  func take() -> Int? {
    // relaxed: the inputs were there before the workers, nothing is published by a turn.
    let turn = next.wrappingAdd(1, ordering: .relaxed).oldValue
    return turn < order.count ? order[turn] : nil
  }
}
