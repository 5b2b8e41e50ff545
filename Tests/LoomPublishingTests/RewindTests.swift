import LoomCore
import Testing

@testable import LoomPublishing

/// Rows that come again are those that would have come.
struct RewindTests {
  func second(_ count: Int64) -> Timestamp { Timestamp(nanoseconds: count * 1_000_000_000) }

  /// All rows of `bars` up to second `end`, by start and values.
  func rows(_ aligner: inout RowAligner, through end: Int64) -> [String] {
    var rows: [String] = []
    var row = ReturnRow()
    while aligner.nextRow(through: second(end), into: &row) {
      rows.append("\(row.start.nanoseconds) \(row.present.map { row.returns[$0.index] })")
    }
    return rows
  }

  @Test func `rows come again with what was revised`() {
    var aligner = RowAligner(timeframe: .second, kept: .seconds(5))
    var direct = RowAligner(timeframe: .second)
    for start in Int64(0)..<10 {
      aligner.add([bar(0, start, after: start - 1, 1), bar(1, start, after: start - 1, 2)])
      let value: Double = start == 7 ? 9 : 1
      direct.add([bar(0, start, after: start - 1, value), bar(1, start, after: start - 1, 2)])
    }
    _ = rows(&aligner, through: 9)
    _ = rows(&direct, through: 7)
    let bars = [bar(0, 7, after: 6, 9)]
    aligner.rewind(to: second(7), revising: bars.span)
    let (again, expected) = (rows(&aligner, through: 10), rows(&direct, through: 10))
    #expect(again == expected)
    #expect(again.count == 3)
  }

  @Test func `a slot that had no bar parts the rows around it`() {
    var aligner = RowAligner(timeframe: .second, kept: .seconds(5))
    for start: Int64 in [0, 1, 3, 4] {
      let before: Int64? = start == 0 ? nil : start == 3 ? 1 : start - 1
      aligner.add([bar(0, start, after: before, 1), bar(1, start, after: before, 2)])
    }
    #expect(rows(&aligner, through: 5).count == 3)
    let bars = [bar(0, 2, after: 1, 5), bar(0, 3, after: 2, 6)]
    aligner.rewind(to: second(2), revising: bars.span)
    let again = rows(&aligner, through: 5)
    #expect(again == ["2000000000 [5.0]", "3000000000 [6.0]", "4000000000 [1.0, 2.0]"])
  }

  @Test func `what was forgotten cannot come again`() async {
    await #expect(processExitsWith: .failure) {
      var aligner = RowAligner(timeframe: .second, kept: .seconds(2))
      for start in Int64(0)..<10 { aligner.add([bar(0, start, after: start - 1, 1)]) }
      var row = ReturnRow()
      while aligner.nextRow(through: .distantFuture, into: &row) {}
      let none: [CleanBar] = []
      aligner.rewind(to: Timestamp(nanoseconds: 4_000_000_000), revising: none.span)
    }
  }

  @Test func `without a horizon nothing comes again`() async {
    await #expect(processExitsWith: .failure) {
      var aligner = RowAligner(timeframe: .second)
      let none: [CleanBar] = []
      aligner.rewind(to: .distantPast, revising: none.span)
    }
  }
}
