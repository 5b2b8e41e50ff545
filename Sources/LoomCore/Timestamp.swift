/// A moment: nanoseconds since 1970-01-01T00:00:00Z, before which it is negative.
@frozen
public struct Timestamp: BitwiseCopyable, Hashable, Comparable, Sendable {
  /// Nanoseconds since 1970-01-01T00:00:00Z.
  public var nanoseconds: Int64

  /// Creates a moment.
  @inlinable
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// 1900-01-01T00:00:00Z, the first legal event time.
  @inlinable
  public static var earliest: Timestamp { Timestamp(nanoseconds: -2_208_988_800_000_000_000) }
  /// 2200-01-01T00:00:00Z, the first event time that is no longer legal.
  @inlinable
  public static var end: Timestamp { Timestamp(nanoseconds: 7_258_118_400_000_000_000) }
  /// Before every legal event time; stands for "none yet".
  @inlinable
  public static var distantPast: Timestamp { Timestamp(nanoseconds: .min / 2) }

  /// After every legal event time; stands for "no longer any".
  @inlinable
  public static var distantFuture: Timestamp { Timestamp(nanoseconds: .max / 8 * 7) }

  /// Whether `lhs` is earlier than `rhs`.
  @inlinable
  public static func < (lhs: Timestamp, rhs: Timestamp) -> Bool {
    lhs.nanoseconds < rhs.nanoseconds
  }

  /// The moment `span` after `time`, or the last there is.
  @inlinable
  public static func + (time: Timestamp, span: Nanoseconds) -> Timestamp {
    Timestamp(nanoseconds: time.nanoseconds.addingSaturated(span.count))
  }

  /// The moment `span` before `time`, or the first there is.
  @inlinable
  public static func - (time: Timestamp, span: Nanoseconds) -> Timestamp {
    Timestamp(nanoseconds: time.nanoseconds.subtractingSaturated(span.count))
  }

  /// The span from `start` to `end`, at most ±292 years; the legal times span 300.
  @inlinable
  public static func - (end: Timestamp, start: Timestamp) -> Nanoseconds {
    Nanoseconds(end.nanoseconds.subtractingSaturated(start.nanoseconds))
  }
}

extension Timestamp: CustomStringConvertible {
  /// ISO 8601 with nine fractional digits and `Z`: `2014-05-04T21:00:18.080000000Z`.
  public var description: String {
    let civil = CivilTime(self)
    func digits(_ value: Int, _ width: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    return digits(civil.year, 4) + "-" + digits(civil.month, 2) + "-" + digits(civil.day, 2) + "T"
      + digits(civil.hour, 2) + ":" + digits(civil.minute, 2) + ":" + digits(civil.second, 2) + "."
      + digits(civil.nanosecond, 9) + "Z"
  }
}

extension Int64 {
  /// The sum, or the nearest number there is.
  @inlinable
  package func addingSaturated(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }

  /// The difference, or the nearest number there is.
  @inlinable
  package func subtractingSaturated(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (other < 0 ? .max : .min) : difference
  }
}
