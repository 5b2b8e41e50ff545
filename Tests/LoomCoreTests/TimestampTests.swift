import Foundation
import LoomCore
import Testing

struct TimestampTests {
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000000000Z"), (-1, "1969-12-31T23:59:59.999999999Z"),
      (1_399_237_218_080_000_000, "2014-05-04T21:00:18.080000000Z"),
      (951_782_400_000_000_001, "2000-02-29T00:00:00.000000001Z"),
      (-2_208_988_800_000_000_000, "1900-01-01T00:00:00.000000000Z"),
      (7_258_118_399_999_999_999, "2199-12-31T23:59:59.999999999Z"),
    ] as [(Int64, String)])
  func `is written as ISO 8601 with nine digits`(nanoseconds: Int64, text: String) {
    #expect(Timestamp(nanoseconds: nanoseconds).description == text)
  }

  @Test func `the legal range is 1900 to 2200`() {
    #expect(Timestamp.earliest.description == "1900-01-01T00:00:00.000000000Z")
    #expect(Timestamp.end.description == "2200-01-01T00:00:00.000000000Z")
    #expect(Timestamp.distantPast < .earliest)
  }

  @Test func `order is that of time`() {
    #expect(Timestamp(nanoseconds: -2) < Timestamp(nanoseconds: -1))
    #expect(Timestamp(nanoseconds: -1) < Timestamp(nanoseconds: 0))
    #expect(!(Timestamp(nanoseconds: 5) < Timestamp(nanoseconds: 5)))
  }

  @Test func `spans are added and taken away`() {
    let time = Timestamp(nanoseconds: 1000)
    #expect(time + Nanoseconds(5) == Timestamp(nanoseconds: 1005))
    #expect(time - Nanoseconds(1005) == Timestamp(nanoseconds: -5))
    #expect(time - Timestamp(nanoseconds: -5) == Nanoseconds(1005))
  }

  @Test func `sums and differences stop at the ends and do not trap`() {
    let century = Nanoseconds(.max)
    #expect(Timestamp.end + century == Timestamp(nanoseconds: .max))
    #expect(Timestamp.distantPast - century == Timestamp(nanoseconds: .min))
    #expect(Timestamp.earliest + Nanoseconds(.min) == Timestamp(nanoseconds: .min))
    #expect(Timestamp.end - Nanoseconds(.min) == Timestamp(nanoseconds: .max))
    #expect(Timestamp.end - Timestamp.earliest == Nanoseconds(.max))
    #expect(Timestamp.earliest - Timestamp.end == Nanoseconds(.min))
  }

  /// Foundation's calendar is the oracle.
  @Test(arguments: 1...50 as ClosedRange<UInt64>)
  func `parts are those of the Gregorian calendar`(seed: UInt64) throws {
    var random = Numbers(seed: seed)
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let span = Timestamp.end.nanoseconds / 1_000_000_000 + 2_208_988_800
    let seconds = Int64(random.below(Int(span))) - 2_208_988_800
    let civil = CivilTime(Timestamp(nanoseconds: seconds * 1_000_000_000 + 123_456_789))
    let parts = calendar.dateComponents(
      [.year, .month, .day, .hour, .minute, .second],
      from: Date(timeIntervalSince1970: Double(seconds)))
    #expect([civil.year, civil.month, civil.day] == [parts.year, parts.month, parts.day])
    #expect([civil.hour, civil.minute, civil.second] == [parts.hour, parts.minute, parts.second])
    #expect(civil.nanosecond == 123_456_789)
  }

  @Test func `every day of three centuries and its number belong together`() {
    let first = CivilTime.daysSince1970(year: 1900, month: 1, day: 1)
    let last = CivilTime.daysSince1970(year: 2200, month: 1, day: 1)
    #expect(first == -25_567 && last == 84_006)
    var (year, month, day) = (1900, 1, 1)
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    for number in first...last {
      guard CivilTime.date(daysSince1970: number) == (year, month, day),
        CivilTime.daysSince1970(year: year, month: month, day: day) == number
      else {
        Issue.record("\(number) is not \(year)-\(month)-\(day)")
        return
      }
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      day += 1
      if day > lengths[month - 1] + (isLeap && month == 2 ? 1 : 0) { (month, day) = (month + 1, 1) }
      if month > 12 { (year, month) = (year + 1, 1) }
    }
  }

  @Test(arguments: [(-1, 3, -1), (-3, 3, -1), (-4, 3, -2), (0, 3, 0), (2, 3, 0), (3, 3, 1)])
  func `slots before 1970 start below their times`(value: Int, divisor: Int, expected: Int) {
    let start = Timeframe(Nanoseconds(Int64(divisor)))?
      .slotStart(of: Timestamp(nanoseconds: Int64(value)))
    #expect(start?.nanoseconds == Int64(expected * divisor))
  }
}
