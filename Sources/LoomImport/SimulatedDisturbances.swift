/// How many ticks of a ``SimulatedMarket`` were made bad on purpose, so far.
public struct SimulatedDisturbances: Equatable, Sendable {
  /// Quotes with the bid above the ask.
  public internal(set) var crossed = 0
  /// Ticks whose prices are five per cent off.
  public internal(set) var outliers = 0
  /// Exact repetitions of the symbol's last good tick.
  public internal(set) var duplicates = 0
  /// Ticks delivered up to five seconds after their event time.
  public internal(set) var delayed = 0
  /// Times a symbol fell silent for one to five minutes.
  public internal(set) var silences = 0
}
