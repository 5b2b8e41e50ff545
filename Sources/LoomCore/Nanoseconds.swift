/// A span of time in nanoseconds.
@frozen
public struct Nanoseconds: BitwiseCopyable, Hashable, Comparable, Sendable {
  /// How many nanoseconds.
  public var count: Int64

  /// Creates a span.
  @inlinable
  public init(_ count: Int64) { self.count = count }

  /// The span of that many seconds.
  public static func seconds(_ count: Int64) -> Nanoseconds { Nanoseconds(count * 1_000_000_000) }

  /// No time at all.
  public static let zero = Nanoseconds(0)

  /// Reads a whole number and a unit: `100ms`, `2s`, `0s`, `5m`, `1h`, `1d`.
  ///
  /// The units are `ns us ms s m h d`; nil for any other text and beyond 292 years.
  public init?(_ text: some StringProtocol) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let suffix = text.dropFirst(digits.count)
    guard let value = Int64(digits), let unit = Self.units.first(where: { $0.name == suffix })
    else { return nil }
    let (count, overflow) = value.multipliedReportingOverflow(by: unit.count)
    if overflow { return nil }
    self.count = count
  }

  static let units: [(name: String, count: Int64)] = [
    ("d", 86_400_000_000_000), ("h", 3_600_000_000_000), ("m", 60_000_000_000),
    ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1000), ("ns", 1),
  ]

  /// Whether `lhs` is shorter than `rhs`.
  @inlinable
  public static func < (lhs: Nanoseconds, rhs: Nanoseconds) -> Bool { lhs.count < rhs.count }
}

extension Nanoseconds: CustomStringConvertible {
  /// The span in the largest unit that divides it: `90s`, `5m`, `1d`.
  public var description: String {
    if count == 0 { return "0s" }
    let unit = Self.units.first { count % $0.count == 0 } ?? ("ns", 1)
    return "\(count / unit.count)\(unit.name)"
  }
}
