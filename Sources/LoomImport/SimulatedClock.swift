internal import LoomCore

/// The time of the simulated market: weekdays from 14:30 to 21:00 UTC, from 2024-01-02.
struct SimulatedClock: Sendable {
  /// Days from 1970-01-01 to the day of the session.
  private var day = CivilTime.daysSince1970(year: 2024, month: 1, day: 2)
  /// Seconds since the session opened.
  private var sessionSeconds = 0.0
  /// Trading seconds before the session opened.
  private var earlierSeconds = 0.0

  static let sessionLengthSeconds = 23_400.0
  /// How many trading seconds a closed market moves prices by.
  static let breakWorthSeconds = 3600.0

  /// Seconds for which prices have moved.
  var tradingSeconds: Double { earlierSeconds + sessionSeconds }

  /// The moment, in whole microseconds.
  var time: Timestamp { open + Nanoseconds(Int64(sessionSeconds * 1_000_000) * 1000) }

  /// When the session opened.
  var open: Timestamp {
    Timestamp(nanoseconds: (Int64(day) * 86_400 + 52_200) * 1_000_000_000)
  }

  /// Moves on; a session that is over gives way to that of the next weekday.
  mutating func advance(seconds: Double) {
    sessionSeconds += seconds
    if sessionSeconds < Self.sessionLengthSeconds { return }
    earlierSeconds += Self.sessionLengthSeconds + Self.breakWorthSeconds
    sessionSeconds = 0
    repeat { day += 1 } while isWeekend
  }

  /// 1970-01-01 was a Thursday.
  private var isWeekend: Bool { (day + 3) % 7 >= 5 }
}
