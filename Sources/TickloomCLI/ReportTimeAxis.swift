internal import Tickloom

/// An axis of time with ticks at round moments of UTC.
struct ReportTimeAxis {
  /// A round moment and how it is labelled.
  struct Tick: Hashable {
    var time: Timestamp
    /// What distinguishes it from its neighbours: `21:05`, `4 May`, `May`, `2014`.
    var label: String
    /// What it has in common with them, where that is new: `4 May 2014`, `2014`; else empty.
    var context: String
  }

  /// The round moments, in order.
  let ticks: [Tick]

  /// Chooses at most about `count` ticks between two moments.
  init(from start: Timestamp, to end: Timestamp, count: Int) {
    let unit = Unit.smallest(giving: count, over: (end - start).count)
    var ticks: [Tick] = []
    var context = ""
    for time in unit.moments(from: start, to: end) {
      let ownContext = unit.context(of: time)
      ticks.append(
        Tick(
          time: time, label: unit.label(of: time),
          context: ownContext == context ? "" : ownContext))
      context = ownContext
    }
    self.ticks = ticks
  }

  /// The distance of the ticks.
  private enum Unit {
    case span(Int64)
    case months(Int)

    private static let second: Int64 = 1_000_000_000
    private static let day: Int64 = 86_400 * second

    private static let all: [Unit] = {
      var spans: [Int64] = []
      var power: Int64 = 1
      while power < second {
        spans += [power, 2 * power, 5 * power]
        power *= 10
      }
      let seconds: [Int64] = [
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200,
        86_400, 2 * 86_400, 7 * 86_400, 14 * 86_400,
      ]
      spans += seconds.map { $0 * second }
      let months = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600]
      return spans.map(Unit.span) + months.map(Unit.months)
    }()

    private var length: Int64 {
      switch self {
      case .span(let length): length
      // A twelfth of 365.25 days.
      case .months(let count): Int64(count) * 2_629_800 * Self.second
      }
    }

    static func smallest(giving count: Int, over length: Int64) -> Unit {
      all.first { $0.length >= length / Int64(max(count, 1)) } ?? .months(1200)
    }

    func moments(from start: Timestamp, to end: Timestamp) -> [Timestamp] {
      switch self {
      case .span(let length):
        // 1970 began on a Thursday, weeks begin on a Monday.
        let origin = length % (7 * Self.day) == 0 ? 4 * Self.day : 0
        let below = (start.nanoseconds - origin - 1).dividedFloorForTicks(by: length)
        let first = (below + 1) * length + origin
        return stride(from: first, through: end.nanoseconds, by: Int64.Stride(length)).prefix(64)
          .map { Timestamp(nanoseconds: $0) }
      case .months(let count): return monthStarts(every: count, from: start, to: end)
      }
    }

    private func monthStarts(
      every count: Int, from start: Timestamp, to end: Timestamp
    ) -> [Timestamp] {
      let civil = CivilTime(start)
      var month = (civil.year * 12 + civil.month - 1) / count * count
      var result: [Timestamp] = []
      while result.count < 64 {
        let days = CivilTime.daysSince1970(year: month / 12, month: month % 12 + 1, day: 1)
        let time = Timestamp(nanoseconds: Int64(days) * Self.day)
        if time > end { break }
        if time >= start { result.append(time) }
        month += count
      }
      return result
    }

    func label(of time: Timestamp) -> String {
      let civil = CivilTime(time)
      switch self {
      case .span(let length) where length >= Self.day:
        return "\(civil.day) \(Self.name(of: civil.month))"
      case .span(let length) where length < Self.second: return Self.secondOfMinute(civil)
      case .span: return SummaryTime.clock(time)
      case .months(let count) where count >= 12: return String(civil.year)
      case .months: return Self.name(of: civil.month)
      }
    }

    func context(of time: Timestamp) -> String {
      let civil = CivilTime(time)
      switch self {
      case .span(let length) where length >= Self.day: return String(civil.year)
      case .span(let length):
        let date = "\(civil.day) \(Self.name(of: civil.month)) \(civil.year)"
        let isMinuteTold = length < Self.second
        let minute = SummaryTime.digits(civil.minute, 2)
        return isMinuteTold ? "\(date) \(SummaryTime.digits(civil.hour, 2)):\(minute)" : date
      case .months(let count) where count >= 12: return ""
      case .months: return String(civil.year)
      }
    }

    /// `18.25`.
    private static func secondOfMinute(_ civil: CivilTime) -> String {
      var fraction = SummaryTime.digits(civil.nanosecond, 9)
      while fraction.last == "0" { fraction.removeLast() }
      let second = SummaryTime.digits(civil.second, 2)
      return fraction.isEmpty ? second : "\(second).\(fraction)"
    }

    private static func name(of month: Int) -> String {
      [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
      ][month - 1]
    }
  }
}

extension Int64 {
  fileprivate func dividedFloorForTicks(by divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
