import LoomCore
import Testing

/// Other columns for the symbols at an anchor.
struct CorrelationArrangeTests {
  private static let window = 16

  /// What stays has the bits of an estimator that had these columns all along.
  @Test(arguments: [(7, 1), (7, 2), (8, 1), (30, 1), (30, 3), (65, 2)] as [(Int, UInt64)])
  func `is as if it had always been so`(symbols: Int, seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let window = Self.window
    var rows = returnRows(
      6 * window, symbols: symbols, missing: seed == 3 ? 0 : 0.1, seed: seed)
    rows[window + 3][2] = 1e6
    // Every third is silent for more than a window.
    for row in window..<3 * window {
      for symbol in stride(from: 0, to: symbols, by: 3) { rows[row][symbol] = .nan }
    }
    var columns = Array(0..<symbols)
    var arranged = try makeCorrelation(.rolling(window: window), capacity: symbols)
    for end in rows.indices {
      let row = columns.map { rows[end][$0] }
      arranged.take(row)
      if (end + 1).isMultiple(of: window) {
        let sources = arranged.activeSymbols.shuffled(using: &random).map { UInt32($0) }
        arranged.arrange(sources.span)
        columns = sources.map { columns[Int($0)] }
        // Who was let go may come again.
        columns += (0..<symbols).filter { !columns.contains($0) }
      }
      if ![0, 1, 5].contains((end + 1) % window) { continue }
      let first = max(0, (end + 1) / window * window - window)
      var rebuilt = try makeCorrelation(
        .rolling(window: window), capacity: symbols, firstRow: first)
      for row in rows[first...end] { rebuilt.take(columns.map { row[$0] }) }
      if arranged.symbolCount == rebuilt.symbolCount {
        #expect(bits(arranged) == bits(rebuilt), "row \(end)")
      }
    }
    #expect(columns.count == symbols)
    #expect(deviation(arranged, rows.map { row in columns.map { row[$0] } }) < 1e-10)
  }

  @Test func `nobody may stay`() throws {
    var correlation = try makeCorrelation(.rolling(window: 2), minimum: 2, capacity: 3)
    for row in [[1.0, 2], [2, 1]] { correlation.take(row) }
    let nobody: [UInt32] = []
    correlation.arrange(nobody.span)
    #expect(correlation.symbolCount == 0)
    for row in [[1.0, 2, 3], [2, 1, 1]] { correlation.take(row) }
    let all = correlations(correlation).map { $0.rounded() }
    #expect(all == [1, -1, -1, 1, 1, 1])
  }

  @Test func `traps between anchors`() async {
    await #expect(processExitsWith: .failure) {
      var correlation = try makeCorrelation(.rolling(window: 2), capacity: 1)
      correlation.take([1])
      let sources: [UInt32] = [0]
      correlation.arrange(sources.span)
    }
  }

  @Test func `traps at a column that is not there`() async {
    await #expect(processExitsWith: .failure) {
      var correlation = try makeCorrelation(.rolling(window: 2), capacity: 2)
      correlation.take([1])
      correlation.take([2])
      let sources: [UInt32] = [1]
      correlation.arrange(sources.span)
    }
  }

  @Test func `traps at a column that is named twice`() async {
    await #expect(processExitsWith: .failure) {
      var correlation = try makeCorrelation(.rolling(window: 2), capacity: 2)
      correlation.take([1, 1])
      correlation.take([2, 1])
      let sources: [UInt32] = [1, 1]
      correlation.arrange(sources.span)
    }
  }

  @Test func `traps where there are no anchors`() async {
    await #expect(processExitsWith: .failure) {
      var correlation = try makeCorrelation(.exponential(decay: 0.9), capacity: 1)
      let sources: [UInt32] = []
      correlation.arrange(sources.span)
    }
  }
}
