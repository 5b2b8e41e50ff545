public import LoomCore

/// Whether a tick that comes later than the lateness re-opens its bar.
public enum Corrections: Hashable, Sendable {
  /// What is late is counted and kept, and changes nothing.
  case off
  /// What is late is counted and kept as well, and corrects its bar where that begins at most this
  /// long before its symbol's latest time and before the market clock.
  case on(horizon: Nanoseconds)

  /// How far back a correction reaches; nil while there are none.
  public var horizon: Nanoseconds? {
    switch self {
    case .off: nil
    case .on(let horizon): horizon
    }
  }

  /// Most slots a horizon spans: per symbol 256 bytes are kept for each with a bar.
  static let maximumSlots: Int64 = 1 << 16

  /// Refuses a horizon that reaches no closed bar, or more than can be kept.
  func check(_ timeframe: Timeframe, lateness: Nanoseconds) throws(ConfigurationError) {
    guard let horizon else { return }
    let least = Nanoseconds(timeframe.span.count + lateness.count)
    let (slots, overflow) = timeframe.span.count.multipliedReportingOverflow(by: Self.maximumSlots)
    let year: Int64 = 366 * 86_400_000_000_000
    let most = max(least, Nanoseconds(overflow ? year : min(slots, year)))
    if horizon < least || horizon > most {
      throw ConfigurationError(
        field: "corrections.horizon", value: "\(horizon)", allowed: "\(least) … \(most)")
    }
  }
}
