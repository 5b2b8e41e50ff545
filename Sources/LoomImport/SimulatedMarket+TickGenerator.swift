public import LoomCore

extension SimulatedMarket: TickGenerator {
  /// What stands in `source_id` for its ticks.
  public var name: String { "sim" }

  /// Appends up to `count` of the next ticks; none at the end.
  public mutating func next(_ count: Int, into ticks: inout [Tick]) {
    for _ in 0..<count {
      guard let tick = next() else { return }
      ticks.append(tick)
    }
  }
}
