import Testing

@testable import Tickloom

/// Rows as they are made again beside those that are stored.
struct RowComparisonTests {
  /// A row with a number that tells it from the others, and a value.
  struct Row: ComparedRow {
    var key: Int
    var value = 0

    func difference(from stored: Row, _ labels: RebuildLabels) -> String? {
      value == stored.value ? nil : "\(value) is stored as \(stored.value)"
    }

    func name(_ labels: RebuildLabels) -> String { "\(key)" }
  }

  /// Compares the rows 0 ..< `count` with those that are stored.
  static func compare(
    _ count: Int, with stored: [Row], isCut: Bool = false
  ) throws -> RebuiltTable {
    var comparison = RowComparison<Row>("rows", RebuildLabels(symbols: [], features: []))
    var rest = stored[...]
    for key in 0..<count {
      let inputs = UInt64(key)...UInt64(key)
      try comparison.take(.init(Row(key: key), of: inputs)) { rest.popFirst() }
    }
    try comparison.finish(isCut: isCut) { rest.popFirst() }
    return comparison.table
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `finds every change, whatever the order`(seed: UInt64) throws {
    var random = PipelinePropertyTests.Seeded(state: seed)
    let count = 200
    var stored = (0..<count).map { Row(key: $0) }
    // The last stays, so that nothing is missing at the end alone.
    let places = (0..<count - 1).shuffled(using: &random)
    let (lost, altered) = (places.prefix(7), places.dropFirst(7).prefix(5))
    for place in altered { stored[place].value = 1 }
    stored.removeAll { lost.contains($0.key) }
    stored.insert(contentsOf: [Row(key: 1000), Row(key: 1001)], at: stored.count / 2)
    for _ in 0..<Int.random(in: 0...20, using: &random) {
      let place = Int.random(in: 0..<stored.count - 2, using: &random)
      stored.swapAt(place, place + 1)
    }
    let table = try Self.compare(count, with: stored)
    #expect(table.equal == count - 12 && table.failure == nil, "seed \(seed)")
    #expect(table.changed == 5 && table.missing == 7 && table.superfluous == 2, "seed \(seed)")
    #expect(table.unwritten == nil, "seed \(seed)")
    let reasons = ["0 is stored as 1", "it is missing", "no inputs give it"]
    for (reason, rows) in zip(reasons, [Array(altered), Array(lost), [1000, 1001]]) {
      let found = table.findings.filter { $0.reason == reason }
      #expect(Set(found.map(\.row)) == Set(rows.map(String.init)), "seed \(seed)")
      for row in found { #expect(row.inputs.map { "\($0.lowerBound)" } ?? row.row == row.row) }
    }
  }

  @Test func `rows behind the last that is stored are told by themselves`() throws {
    let table = try Self.compare(50, with: (0..<40).map { Row(key: $0) })
    #expect(table.equal == 40 && table.differences == 0)
    #expect(table.unwritten?.count == 10 && table.unwritten?.first == "40")
    #expect(table.unwritten?.inputs == 40...49)
  }

  @Test func `what is stored behind a cut is not compared`() throws {
    let table = try Self.compare(30, with: (0..<40).map { Row(key: $0) }, isCut: true)
    #expect(table.equal == 30 && table.uncompared == 10 && table.differences == 0)
    #expect(try Self.compare(30, with: (0..<40).map { Row(key: $0) }).superfluous == 10)
  }

  @Test func `a row that is stored twice is found once`() throws {
    let stored = [0, 1, 1, 2, 3].map { Row(key: $0) }
    let table = try Self.compare(4, with: stored)
    #expect(table.equal == 4 && table.superfluous == 1 && table.missing == 0)
  }

  @Test func `gives up rather than hold a table of other rows`() throws {
    let table = try Self.compare(40_000, with: (0..<40_000).map { Row(key: $0 + 100_000) })
    #expect(table.failure != nil && table.equal == 0)
  }
}
