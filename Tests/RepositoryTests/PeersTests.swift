import Foundation
import Testing

/// A claim of speed in the README is a row of perf/peers.md.
struct PeersTests {
  /// Comparison, peer and ratio of the rows of a table, where the ratio stands in column `ratio`.
  static func rows(of path: String, ratio: Int) throws -> [[String]] {
    try Repository.lines(of: path).filter { $0.hasPrefix("| `") }.compactMap { line in
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      return cells.count > ratio ? [cells[0], cells[1], cells[ratio]] : nil
    }
  }

  @Test func `what the README claims was measured`() throws {
    let claims = try Self.rows(of: "README.md", ratio: 2).filter { $0[2].hasSuffix("×") }
    let measured = try Self.rows(of: "perf/peers.md", ratio: 4)
    #expect(claims.count > 10)
    for claim in claims { #expect(measured.contains(claim), "\(claim)") }
  }
}
