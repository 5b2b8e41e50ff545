public import LoomCore

/// Takes bars as they were when they closed.
///
/// A type of its own for keeping none, so that it costs nothing.
protocol BarKeeper {
  mutating func keep(_ bar: OpenBar)
}

/// Keeps no bar.
struct NoKeeper: BarKeeper {
  // Empty values share one address, which the thread sanitizer takes for one variable of all threads.
  private let place: UInt8 = 0

  @inline(__always)
  mutating func keep(_ bar: OpenBar) {}
}

/// Closed bars with all that a late tick needs to correct them, in the order in which they closed.
public struct ClosedStates: BarKeeper, Sendable {
  private(set) var bars: [OpenBar] = []

  /// Creates an empty list.
  public init() {}

  mutating func keep(_ bar: OpenBar) { bars.append(bar) }

  /// Takes bars that were closed before.
  ///
  /// Of their sums as much is known as their means tell, and their ticks are taken to span the slot.
  public mutating func restore(_ closed: Span<Bar>, _ timeframe: Timeframe) {
    for index in closed.indices { bars.append(OpenBar(closed[index], timeframe)) }
  }

  mutating func removeAll() { bars.removeAll(keepingCapacity: true) }
}
