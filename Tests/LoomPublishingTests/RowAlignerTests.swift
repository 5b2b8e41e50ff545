import LoomCore
import LoomPublishing
import Testing

/// A bar that starts at second `start` and whose symbol's previous bar started at `previous`.
func bar(
  _ symbol: UInt32, _ start: Int64, after previous: Int64?, _ logReturn: Double = .nan,
  flags: BarFlags = .valid
) -> CleanBar {
  CleanBar(
    bar: Bar(
      start: Timestamp(nanoseconds: start * 1_000_000_000), symbol: SymbolID(rawValue: symbol),
      open: 1, high: 1, low: 1, close: 1, gapSlots: previous.map { start - $0 - 1 } ?? 0),
    logReturn: logReturn, flags: flags)
}

extension RowAligner {
  mutating func add(_ bars: [CleanBar]) { add(bars.span) }

  /// All rows through second `clock`, each as its start and what is present.
  mutating func rows(through clock: Int64) -> [String] {
    var row = ReturnRow()
    var rows: [String] = []
    while nextRow(through: Timestamp(nanoseconds: clock * 1_000_000_000), into: &row) {
      let entries = row.present.map { "\($0.rawValue)=\(row.returns[$0.index])" }
      rows.append("\(row.start.nanoseconds / 1_000_000_000): \(entries.joined(separator: " "))")
    }
    return rows
  }
}

struct RowAlignerTests {
  @Test func `returns meet by time and not by position`() {
    var aligner = RowAligner(timeframe: .second)
    aligner.add(
      [
        bar(0, 0, after: nil), bar(0, 1, after: 0, 0.1), bar(0, 2, after: 1, 0.2),
        bar(0, 3, after: 2, 0.3),
        bar(1, 0, after: nil), bar(1, 2, after: 0, 9), bar(1, 3, after: 2, 0.4),
      ])
    let rows1 = aligner.rows(through: 4)
    #expect(rows1 == ["1: 0=0.1", "2: 0=0.2", "3: 0=0.3 1=0.4"])
  }

  @Test func `a slot in which nobody has a bar is spanned by all`() {
    var aligner = RowAligner(timeframe: .second)
    aligner.add(
      [
        bar(0, 0, after: nil), bar(0, 60, after: 0, 0.1), bar(1, 0, after: nil),
        bar(1, 60, after: 0, 0.2),
      ])
    let rows2 = aligner.rows(through: 61)
    #expect(rows2 == ["60: 0=0.1 1=0.2"])
  }

  @Test func `a bar that is not valid takes part in time and not in the row`() {
    var aligner = RowAligner(timeframe: .second)
    aligner.add(
      [
        bar(0, 0, after: nil), bar(0, 1, after: 0, 5, flags: .outlier), bar(0, 2, after: 1, 0.2),
        bar(1, 0, after: nil), bar(1, 2, after: 0, 9),
      ])
    let rows3 = aligner.rows(through: 9)
    #expect(rows3 == ["2: 0=0.2"])
  }

  @Test func `a row waits until its slot is final`() {
    var aligner = RowAligner(timeframe: .second)
    aligner.add([bar(0, 0, after: nil), bar(0, 1, after: 0, 0.1), bar(0, 2, after: 1, 0.2)])
    let rows4 = aligner.rows(through: 1)
    #expect(rows4 == [])
    let rows5 = aligner.rows(through: 2)
    #expect(rows5 == ["1: 0=0.1"])
    aligner.add([bar(1, 2, after: nil)])
    let rows6 = aligner.rows(through: 3)
    #expect(rows6 == ["2: 0=0.2"])
  }

  @Test func `rows come in order of time although symbols do not`() {
    var aligner = RowAligner(timeframe: .second)
    aligner.add((0..<100).map { bar(0, $0, after: $0 - 1, Double($0)) })
    aligner.add((0..<100).map { bar(1, $0, after: $0 - 1, Double(-$0)) })
    let rows = aligner.rows(through: 100)
    #expect(rows.count == 99)
    #expect(rows[41] == "42: 0=42.0 1=-42.0")
  }
}
