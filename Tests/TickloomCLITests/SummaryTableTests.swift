import Testing

@testable import TickloomCLI

struct SummaryTableTests {
  private func style(_ width: Int) -> SummaryStyle {
    SummaryStyle(isTerminal: false, width: width, colours: .none)
  }

  private func table(_ count: Int) -> SummaryTable {
    let columns = (0..<count).map { index in
      SummaryTable.Column(
        head: "column_\(index)", cells: ["1", "23,456", "\(index)"], beginsPart: index == 3)
    }
    return SummaryTable(
      names: .init(head: "symbol", cells: ["A", "日経", "total"], isText: true), columns: columns,
      ruledRow: 2)
  }

  @Test func `lines up names at the left and numbers at the right`() {
    #expect(
      table(2).lines(style(80)) == [
        "        column  column",
        "symbol       0       1",
        "A            1       1",
        "日経    23,456  23,456",
        "----------------------",
        "total        0       1",
      ])
  }

  @Test(arguments: [72, 80, 140], [1, 4, 9, 20])
  func `every line of a part has the same width, none is too wide`(width: Int, count: Int) {
    let lines = table(count).lines(style(width))
    for part in lines.split(separator: "") {
      let widths = Set(part.map(SummaryText.width))
      #expect(widths.count == 1)
      #expect(widths.allSatisfy { $0 <= width })
    }
    for index in 0..<count {
      #expect(lines.contains { $0.hasPrefix("symbol") && $0.contains(" \(index)") })
    }
  }

  @Test func `breaks where the meaning does`() {
    #expect(table(9).lines(style(72)).split(separator: "").count == 2)
    #expect(table(9).lines(style(120)).split(separator: "").count == 1)
  }

  @Test func `leaves an optional row out where it says nothing`() {
    var table = table(2)
    table.columns[0].cells = ["1", "0", "3"]
    table.columns[1].cells = ["1", "0", "3"]
    table.optionalRow = 1
    #expect(!table.lines(style(80)).contains { $0.hasPrefix("日経") })
    table.columns[1].cells[1] = "5"
    #expect(table.lines(style(80)).contains { $0.hasPrefix("日経") })
  }
}
