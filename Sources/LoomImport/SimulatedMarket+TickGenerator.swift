extension SimulatedMarket: TickGenerator {
  /// What stands in `source_id` for its ticks.
  public var name: String { "sim" }
}
