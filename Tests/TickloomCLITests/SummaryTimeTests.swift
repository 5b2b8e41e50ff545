import Testing
import Tickloom

@testable import TickloomCLI

struct SummaryTimeTests {
  @Test(arguments: [
    (0 as Int64, "1970-01-01 00:00 UTC"), (1_399_237_218_080_000_000, "2014-05-04 21:00:18.08 UTC"),
    (-1_000_000_000, "1969-12-31 23:59:59 UTC"), (1, "1970-01-01 00:00:00.000000001 UTC"),
  ])
  func `tells a moment without needless digits`(nanoseconds: Int64, text: String) {
    #expect(SummaryTime.instant(Timestamp(nanoseconds: nanoseconds)) == text)
  }

  @Test(arguments: [("500ms", "00:00:00"), ("59s", "00:00:00"), ("1m", "00:00"), ("1d", "00:00")])
  func `tells the seconds where bars begin at some`(timeframe: String, clock: String) throws {
    let text = SummaryTime.instant(
      Timestamp(nanoseconds: 0), of: try #require(Timeframe(timeframe)))
    #expect(text == "1970-01-01 \(clock) UTC")
  }

  @Test(arguments: [
    (0 as Int64, "0s"), (2_147_483_648, "2200ms"), (8_000_000_000, "8s"), (14_100_000_000, "15s"),
    (7, "7ns"), (3_700_000_000_000, "62m"),
  ])
  func `rounds a lateness to what one would type`(nanoseconds: Int64, text: String) {
    #expect(SummaryTime.roundedUp(Nanoseconds(nanoseconds)).description == text)
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func `rounds up, by a tenth at most, to what the option reads`(seed: UInt64) {
    var random = SummarySamples.Random(state: seed)
    for _ in 0..<300 {
      let shift = Int(random.uniform() * 62)
      let span = Nanoseconds(Int64(random.uniform() * Double(Int64(1) << shift)))
      let rounded = SummaryTime.roundedUp(span)
      #expect(rounded >= span)
      #expect(Double(rounded.count) <= Double(span.count) * 1.1 + 1)
      #expect(Nanoseconds(rounded.description) == rounded)
    }
    #expect(SummaryTime.roundedUp(Nanoseconds(.max)) == Nanoseconds(.max))
  }
}
