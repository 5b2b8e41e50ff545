import Testing

@testable import Tickloom

/// An entry computed afresh from its rows.
struct EntryComputationTests {
  static func row(_ number: Int, _ first: Double, _ second: Double, _ weight: Double) -> EntryRow {
    var row = EntryRow(
      start: Timestamp(nanoseconds: Int64(number)), number: number, first, second)
    row.weight = row.isJoint ? weight : 0
    return row
  }

  @Test func `three points by hand`() {
    // x: 1 2 3, y: 1 3 2: the products of the distances are 1, 0, 0; both variances 2.
    let rows = [Self.row(0, 1, 1, 1), Self.row(1, 2, 3, 1), Self.row(2, 3, 2, 1)]
    let entry = EntryComputation(rows, olderJointRows: 0, minimum: 2)
    #expect((entry.correlation - 0.5).magnitude < 1e-15 && entry.reason == .defined)
    #expect(entry.jointRows == 3 && entry.effectiveRows == 3)
  }

  @Test func `a weight counts as often as it says`() {
    let rows = [Self.row(0, 1, 1, 1), Self.row(1, 2, 3, 2), Self.row(2, 3, 2, 3)]
    let repeated = [rows[0], rows[1], rows[1], rows[2], rows[2], rows[2]].map { row in
      Self.row(row.number, row.first.logReturn, row.second.logReturn, 1)
    }
    let weighted = EntryComputation(rows, olderJointRows: 0, minimum: 2)
    let counted = EntryComputation(repeated, olderJointRows: 0, minimum: 2)
    #expect((weighted.correlation - counted.correlation).magnitude < 1e-15)
    #expect(weighted.effectiveRows == 36.0 / 14)
  }

  @Test func `a row that one is not in counts for nothing`() {
    var rows = [Self.row(0, 1, 1, 1), Self.row(1, 2, 3, 1), Self.row(2, 3, 2, 1)]
    let alone = EntryComputation(rows, olderJointRows: 0, minimum: 2)
    rows.insert(Self.row(1, 7, .nan, 1), at: 1)
    rows.append(Self.row(3, .nan, -9, 1))
    #expect(EntryComputation(rows, olderJointRows: 0, minimum: 2).correlation == alone.correlation)
  }

  @Test func `says why there is none`() {
    let flat = [Self.row(0, 1, 5, 1), Self.row(1, 2, 5, 1), Self.row(2, 3, 5, 1)]
    #expect(EntryComputation(flat, olderJointRows: 0, minimum: 2).reason == .zeroVariance)
    let few = EntryComputation(flat, olderJointRows: 0, minimum: 4)
    #expect(few.reason == .tooFewRows && few.correlation.isNaN && few.jointRows == 3)
    #expect(EntryComputation([flat[0]], olderJointRows: 0, minimum: 1).reason == .tooFewRows)
    let silent = [Self.row(0, 1, .nan, 1), Self.row(1, 2, .nan, 1)]
    #expect(EntryComputation(silent, olderJointRows: 0, minimum: 2).reason == .notActive)
    #expect(EntryComputation(flat, olderJointRows: 1, minimum: 4).reason == .zeroVariance)
  }
}
