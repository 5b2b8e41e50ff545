public import LoomCore

/// Which price of a tick makes the bars.
///
/// The raw value is the name on the command line and in stores.
public enum PriceSource: String, CaseIterable, Hashable, Sendable {
  /// Per symbol: the mid where its first usable tick has both sides, else the last price.
  case automatic = "auto"
  /// (bid + ask) / 2.
  case mid
  /// The bid.
  case bid
  /// The ask.
  case ask
  /// The price of the last trade.
  case last
}

/// Why a configuration was refused: the field, its value, and the range that is allowed.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The field, as spelled in Swift.
  public let field: String
  /// The value it was given.
  public let value: String
  /// What is allowed.
  public let allowed: String

  /// Creates the error.
  public init(field: String, value: String, allowed: String) {
    self.field = field
    self.value = value
    self.allowed = allowed
  }

  /// One sentence for a person.
  public var description: String { "\(field) is \(value); allowed is \(allowed)" }
}

/// How ticks become clean bars; checked when made, then trusted.
public struct NormalizationConfiguration: Hashable, Sendable {
  /// The grid of the bars; 1 s unless set.
  public let timeframe: Timeframe
  /// Which price of a tick counts; automatic unless set.
  public let price: PriceSource
  /// How long a bar waits for late ticks; 0 unless set.
  public let lateness: Nanoseconds
  /// How far the market clock stays behind the second fastest symbol; max(2 s, 2Δ) unless set,
  /// and never less than `lateness`.
  public let idle: Nanoseconds
  /// How far an event time may lie after its receive time; nil (no check) unless set, as in replay.
  public let maximumAhead: Nanoseconds?
  /// Longest gap, in slots, that a bar's return may span; 0 unless set, 4 from one day on.
  public let maximumGap: Int64
  /// Whether late ticks correct their bars; off unless set.
  public private(set) var corrections: Corrections

  /// Checks and keeps the settings.
  ///
  /// - Throws: ``ConfigurationError`` where a span is negative or longer than 366 days, the gap is
  ///   negative, or the horizon of corrections is no longer than the lateness, less than a slot or
  ///   more than 65,536 of them.
  public init(
    timeframe: Timeframe = .second, price: PriceSource = .automatic, lateness: Nanoseconds = .zero,
    idle: Nanoseconds? = nil, maximumAhead: Nanoseconds? = nil, maximumGap: Int64? = nil,
    corrections: Corrections = .off
  ) throws(ConfigurationError) {
    try Self.check(lateness, field: "lateness")
    if let idle { try Self.check(idle, field: "idle") }
    if let maximumAhead { try Self.check(maximumAhead, field: "maximumAhead") }
    if let maximumGap, maximumGap < 0 {
      throw ConfigurationError(
        field: "maximumGap", value: "\(maximumGap)", allowed: "0 or more slots")
    }
    try corrections.check(timeframe, lateness: lateness)
    self.timeframe = timeframe
    self.price = price
    self.lateness = lateness
    let usual = max(.seconds(2), Nanoseconds(2 * timeframe.span.count))
    self.idle = max(idle ?? usual, lateness)
    self.maximumAhead = maximumAhead
    self.maximumGap = maximumGap ?? (timeframe.span < Timeframe.day.span ? 0 : 4)
    self.corrections = corrections
  }

  /// The same without corrections.
  public var withoutCorrections: NormalizationConfiguration {
    var without = self
    without.corrections = .off
    return without
  }

  private static func check(_ span: Nanoseconds, field: String) throws(ConfigurationError) {
    if span.count < 0 || span.count > 366 * 86_400_000_000_000 {
      throw ConfigurationError(field: field, value: "\(span)", allowed: "0s … 366d")
    }
  }
}
