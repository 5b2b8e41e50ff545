import LoomCore
import Testing

struct TimestampTextTests {
  @Test(
    arguments: [
      ("1970-01-01", 0), ("1970-01-02", 86_400_000_000_000),
      ("1969-12-31T23:59:59Z", -1_000_000_000),
      ("1970-01-01T00:00:00.5Z", 500_000_000), ("1970-01-01 00:01Z", 60_000_000_000),
      ("1970-01-01T02:00:00+02:00", 0), ("1970-01-01T00:00:00-0130", 5_400_000_000_000),
      ("1970-01-01T00:00:00.1234567899Z", 123_456_789),
      ("2024-02-29T00:00:00Z", 1_709_164_800_000_000_000),
      ("1900-01-01", -2_208_988_800_000_000_000),
      ("1899-12-31T23:30:00-00:30", -2_208_988_800_000_000_000),
      ("2200-01-01T00:29:59.999999999+00:30", 7_258_118_399_999_999_999),
    ] as [(String, Int64)])
  func `reads a date or a date and a time of day with its offset`(text: String, nanoseconds: Int64)
  {
    #expect(Timestamp(text)?.nanoseconds == nanoseconds)
  }

  @Test(arguments: [
    "", "today", "2024", "2024-1-01", "2024-13-01", "2024-02-30", "2023-02-29", "2024-01-01T",
    "2024-01-01T25:00Z", "2024-01-01T00:60Z", "2024-01-01T00:00:61Z", "2024-01-01T00:00:00",
    "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00Zx", "2024-01-01X00:00Z", "2024-01-01T00:00+99:00",
    "2024-01-01T00:00+0", "1899-12-31", "2200-01-01", "0001-01-01", "９９９９-01-01",
    "2262-04-12", "2299-12-31T23:59:59Z", "9999-12-31", "1677-09-20", "0000-00-00",
    "1899-12-31T23:59:59Z", "1899-12-31T22:00:00-01:00", "2200-01-01T00:30:00Z",
  ])
  func `refuses what is not one, or not legal`(text: String) {
    #expect(Timestamp(text) == nil)
  }

  @Test func `what is printed reads back`() {
    for nanoseconds in stride(
      from: Timestamp.earliest.nanoseconds, to: Timestamp.end.nanoseconds - 1 << 60, by: 1 << 58)
    {
      let time = Timestamp(nanoseconds: nanoseconds)
      #expect(Timestamp(time.description) == time)
    }
  }
}
