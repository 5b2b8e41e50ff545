import LoomCore
import Testing

struct CorrelationTests {
  @Test(arguments: [0.0, 0.05, 0.5, 0.9], [1, 2, 3] as [UInt64])
  func `rolling equals two passes over the window`(missing: Double, seed: UInt64) throws {
    let rows = returnRows(90, symbols: 7, missing: missing, seed: seed)
    var correlation = try makeCorrelation(.rolling(window: 16), minimum: 3, capacity: 7)
    for end in rows.indices {
      correlation.take(rows[end])
      #expect(deviation(correlation, Array(rows[...end])) < 1e-10, "row \(end)")
    }
  }

  @Test(arguments: [0.0, 0.05, 0.5, 0.9], [1, 2, 3] as [UInt64])
  func `exponential equals two weighted passes`(missing: Double, seed: UInt64) throws {
    let rows = returnRows(90, symbols: 7, missing: missing, seed: seed)
    var correlation = try makeCorrelation(.exponential(decay: 0.9), minimum: 3, capacity: 7)
    for end in rows.indices {
      correlation.take(rows[end])
      #expect(deviation(correlation, Array(rows[...end])) < 1e-10, "row \(end)")
    }
  }
}
