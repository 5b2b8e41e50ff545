import Testing

@testable import Tickloom

/// When inputs are due in a replay that goes as its market did.
struct ReplayPaceTests {
  private static let second: Int64 = 1_000_000_000

  private static func time(_ seconds: Double) -> Timestamp {
    Timestamp(nanoseconds: 1_700_000_000 * second + Int64(seconds * 1e9))
  }

  @Test(arguments: [0.5, 1, 10, 250])
  func `an input is due as far from the first as it lies behind it`(factor: Double) throws {
    var pace = try #require(ReplayPace(.paced(factor)))
    let start: Int64 = 5_000
    let first = pace.nanosecondsToWait(for: Self.time(0), now: start)
    #expect(first == nil)
    let due = start + Int64(20 / factor * 1e9)
    for early in [Int64(2_000_000), 50_000_000] {
      let wait = pace.nanosecondsToWait(for: Self.time(20), now: due - early)
      #expect((try #require(wait) - early).magnitude < 1000)
    }
    let atLast = pace.nanosecondsToWait(for: Self.time(20), now: due)
    #expect(atLast == nil)
  }

  @Test func `no wait is so long that nobody sees it go on`() throws {
    var pace = try #require(ReplayPace(.paced(1)))
    _ = pace.nanosecondsToWait(for: Self.time(0), now: 0)
    let wait = pace.nanosecondsToWait(for: Self.time(200_000_000), now: 1)
    #expect(wait == 100_000_000)
  }

  @Test func `what is late or impossible is not waited for`() throws {
    var pace = try #require(ReplayPace(.paced(1)))
    let impossible = pace.nanosecondsToWait(for: .distantFuture, now: 0)
    _ = pace.nanosecondsToWait(for: Self.time(0), now: 0)
    let late = pace.nanosecondsToWait(for: Self.time(-5), now: 1)
    #expect(impossible == nil && late == nil)
  }

  @Test(arguments: [
    ("max", ReplaySpeed.maximum), ("step", .stepped), ("1x", .paced(1)), ("2.5x", .paced(2.5)),
    ("0x", nil), ("-1x", nil), ("x", nil), ("10", nil), ("nanx", nil), ("infx", nil), ("", nil),
  ])
  func `a speed is read or refused`(text: String, speed: ReplaySpeed?) {
    #expect(ReplaySpeed(text) == speed)
  }
}
