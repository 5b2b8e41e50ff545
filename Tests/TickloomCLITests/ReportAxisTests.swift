import Testing
import Tickloom

@testable import TickloomCLI

struct ReportAxisTests {
  @Test(arguments: 0..<6 as Range<UInt64>)
  func `covers its values with a few round ticks`(seed: UInt64) throws {
    var random = SummarySamples.Random(state: seed)
    for _ in 0..<100 {
      let size = (0..<Int(random.uniform() * 12)).reduce(1e-6) { size, _ in size * 10 }
      let values = (0..<20).map { _ in size * (1 + random.normal() * random.uniform()) }
      let axis = try #require(ReportAxis(covering: values + [.nan, .infinity], count: 4))
      #expect(values.allSatisfy { axis.lower <= $0 && $0 <= axis.upper })
      #expect((2...9).contains(axis.ticks.count), "\(axis)")
      #expect(axis.ticks.allSatisfy { axis.lower <= $0 && $0 <= axis.upper })
      #expect(Set(axis.tickLabels).count == axis.ticks.count, "\(axis.tickLabels)")
    }
  }

  @Test func `a label has the decimals that tell ticks apart`() throws {
    let axis = try #require(ReportAxis(covering: [1.3871, 1.3899], count: 4))
    #expect(axis.tickLabels == ["1.387", "1.388", "1.389", "1.390"])
    let small = try #require(ReportAxis(covering: [-0.5, 0.5], count: 2))
    #expect(small.tickLabels == ["−0.5", "0.0", "0.5"])
    #expect(small.label(0.25, extraDecimals: 1) == "0.25")
  }

  @Test func `a flat line has an axis around it`() throws {
    for value in [1.5, 0, -3] {
      let axis = try #require(ReportAxis(covering: [value, value], count: 4))
      #expect(axis.lower < value && value < axis.upper && axis.ticks.count > 1)
    }
  }

  @Test(arguments: [[], [Double.nan], [.infinity], [-1.7e308, 1.7e308]])
  func `there is none for what cannot be drawn`(values: [Double]) {
    #expect(ReportAxis(covering: values, count: 4) == nil)
  }

  @Test func `refuses an axis without a length`() async {
    await #expect(processExitsWith: .failure) {
      _ = ReportAxis(lower: 1, upper: 1, step: 0.5)
    }
  }

  private func time(_ seconds: Double) -> Timestamp {
    Timestamp(nanoseconds: SummarySamples.start.nanoseconds + Int64(seconds * 1e9))
  }

  /// Length of an axis in seconds, its labels, and what they have in common.
  private static let rounds: [(Double, [String], String)] = [
    (0.002, ["18", "18.0005", "18.001", "18.0015", "18.002"], "4 May 2014 21:00"),
    (75, ["21:00:30", "21:01", "21:01:30"], "4 May 2014"),
    (3600, ["21:15", "21:30", "21:45", "22:00"], "4 May 2014"),
    (86_400 * 4, ["5 May", "6 May", "7 May", "8 May"], "2014"),
    (86_400 * 21, ["5 May", "12 May", "19 May"], "2014"),
    (86_400 * 120, ["Jun", "Jul", "Aug", "Sep"], "2014"),
    (86_400 * 365 * 4, ["2015", "2016", "2017", "2018"], ""),
  ]

  @Test(arguments: rounds)
  func `time has ticks at round moments`(seconds: Double, labels: [String], context: String) {
    let axis = ReportTimeAxis(from: time(0), to: time(seconds), count: 4)
    #expect(axis.ticks.map(\.label) == labels)
    #expect(axis.ticks.first?.context == context)
    #expect(axis.ticks.dropFirst().allSatisfy { $0.context.isEmpty })
  }

  @Test func `tells the date again when it changes`() {
    let axis = ReportTimeAxis(from: time(0), to: time(86_400), count: 4)
    #expect(axis.ticks.map(\.label) == ["00:00", "06:00", "12:00", "18:00"])
    let days = ReportTimeAxis(from: time(-3600 * 6), to: time(3600 * 6), count: 4)
    #expect(days.ticks.map(\.context) == ["4 May 2014", "", "5 May 2014", ""])
  }

  @Test(arguments: [0, 1e-9, 1.0, 3e6, 1e9, 9e9])
  func `any span has few ticks, in order and inside`(seconds: Double) {
    let (start, end) = (time(-seconds / 2), time(seconds / 2))
    let ticks = ReportTimeAxis(from: start, to: end, count: 4).ticks.map(\.time)
    #expect(ticks.count <= 6)
    #expect(ticks == ticks.sorted())
    #expect(ticks.allSatisfy { start <= $0 && $0 <= end })
  }
}
