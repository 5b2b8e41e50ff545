internal import Synchronization

/// Hands the places of what there is to do to workers, the largest first.
final class BatchTurns: Sendable {
  private let order: [Int]
  private let next = Atomic<Int>(0)

  init(sizes: [Int]) {
    // The largest last would leave the other workers idle; ties keep the order of the places.
    order = sizes.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
  }

  /// A place that nobody else has; nil when none is left.
  func take() -> Int? {
    // relaxed: the places were there before the workers, nothing is published by a turn.
    let turn = next.wrappingAdd(1, ordering: .relaxed).oldValue
    return turn < order.count ? order[turn] : nil
  }
}
