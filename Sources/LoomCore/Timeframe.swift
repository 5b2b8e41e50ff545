/// The length of a bar: the grid `[k·Δ, (k+1)·Δ)` in UTC, counted from 1970-01-01T00:00:00Z.
@frozen
public struct Timeframe: BitwiseCopyable, Hashable, Sendable {
  /// Δ; always positive.
  public let span: Nanoseconds

  /// Creates a grid; nil unless `span` is positive and at most 366 days.
  public init?(_ span: Nanoseconds) {
    guard span.count > 0, span.count <= 366 * 86_400_000_000_000 else { return nil }
    self.span = span
  }

  /// Reads `100ms`, `1s`, `5m`, `1h`, `1d`; nil for anything else.
  public init?(_ text: some StringProtocol) {
    guard let span = Nanoseconds(text) else { return nil }
    self.init(span)
  }

  /// One second, the timeframe of tick input unless another is asked for.
  public static let second = Timeframe(unchecked: .seconds(1))
  /// One day.
  public static let day = Timeframe(unchecked: .seconds(86_400))

  private init(unchecked span: Nanoseconds) { self.span = span }

  /// The start of the slot that `time` falls into.
  @inlinable
  public func slotStart(of time: Timestamp) -> Timestamp {
    Timestamp(nanoseconds: time.nanoseconds.dividedFloor(by: span.count) * span.count)
  }

  /// How many slots lie strictly between the slots that start at `start` and, later, at `end`.
  ///
  /// Cut to `Int64.max`, which only three centuries of nanosecond slots exceed.
  @inlinable
  public func slotsBetween(_ start: Timestamp, _ end: Timestamp) -> Int64 {
    let (distance, overflow) = end.nanoseconds.dividedFloor(by: span.count)
      .subtractingReportingOverflow(start.nanoseconds.dividedFloor(by: span.count))
    return overflow ? .max : distance - 1
  }
}

extension Timeframe: CustomStringConvertible {
  /// The length in its largest whole unit: `100ms`, `1s`, `5m`.
  public var description: String { span.description }
}
