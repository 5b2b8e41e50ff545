import LoomCore
import Testing

struct TimeframeTests {
  @Test(
    arguments: [
      ("1ns", 1), ("7us", 7000), ("100ms", 100_000_000), ("1s", 1_000_000_000),
      ("5s", 5_000_000_000), ("1m", 60_000_000_000), ("90m", 5_400_000_000_000),
      ("1h", 3_600_000_000_000), ("1d", 86_400_000_000_000), ("366d", 31_622_400_000_000_000),
    ] as [(String, Int64)])
  func `is read from a number and a unit`(text: String, nanoseconds: Int64) {
    #expect(Timeframe(text)?.span.count == nanoseconds)
    #expect(Nanoseconds(text[...])?.count == nanoseconds)
  }

  @Test(arguments: [
    "", "s", "1", "1 s", " 1s", "1S", "-1s", "+1s", "1.5s", "1e3s", "1sec", "١s", "1m1s",
    "99999999999999999999s", "107000d",
  ])
  func `other text is refused`(text: String) {
    #expect(Timeframe(text) == nil)
    #expect(Nanoseconds(text) == nil)
  }

  @Test func `zero and more than a year are spans but no grids`() {
    #expect(Nanoseconds("0s") == .zero)
    #expect(Timeframe("0s") == nil)
    #expect(Nanoseconds("367d") != nil)
    #expect(Timeframe("367d") == nil)
    #expect(Timeframe(Nanoseconds(-1)) == nil)
  }

  @Test(arguments: ["1ns", "100ms", "90s", "5m", "1h", "36h", "7d", "1001ms"])
  func `is written in its largest whole unit`(text: String) {
    #expect(Timeframe(text)?.description == text)
    #expect(Timeframe(text).flatMap { Timeframe($0.description) } == Timeframe(text))
  }

  @Test func `the usual ones have names`() {
    #expect(Timeframe.second == Timeframe("1s"))
    #expect(Timeframe.day == Timeframe("24h"))
    #expect(Nanoseconds.seconds(60) == Nanoseconds("1m"))
    #expect(Nanoseconds.zero.description == "0s")
    #expect(Nanoseconds(1500).description == "1500ns")
    #expect(Nanoseconds.zero < .seconds(1))
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func `a slot holds its times, and only those`(seed: UInt64) throws {
    var random = Numbers(seed: seed)
    let span = Int64(1 + random.below(1_000_000_000_000))
    let frame = try #require(Timeframe(Nanoseconds(span)))
    let time = Timestamp(nanoseconds: Int64(random.below(1 << 62)) - 1 << 61)
    let start = frame.slotStart(of: time)
    #expect(start <= time && time < start + frame.span)
    #expect(start.nanoseconds % span == 0)
    #expect(frame.slotStart(of: start) == start)
    #expect(frame.slotStart(of: start - Nanoseconds(1)) == start - frame.span)
  }

  @Test(arguments: [(0, 1, 0), (0, 2, 1), (-3, 2, 4), (-7, -5, 1), (5, 105, 99)])
  func `counts the slots between two`(first: Int64, second: Int64, between: Int64) throws {
    let frame = try #require(Timeframe("5m"))
    let unit = frame.span.count
    let start = Timestamp(nanoseconds: first * unit)
    let end = Timestamp(nanoseconds: second * unit)
    #expect(frame.slotsBetween(start, end) == between)
  }

  @Test func `counts the slots of three centuries without overflow`() throws {
    #expect(Timeframe.second.slotsBetween(.earliest, .end) == 9_467_107_199)
    #expect(Timeframe.day.slotsBetween(.earliest, .end) == 109_572)
    let nanosecond = try #require(Timeframe("1ns"))
    #expect(nanosecond.slotsBetween(.earliest, .end) == .max)
  }
}
