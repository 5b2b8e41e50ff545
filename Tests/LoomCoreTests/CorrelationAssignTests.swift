import LoomCore
import Testing

/// A state that is taken over is the same to the bit, then and after every further row.
struct CorrelationAssignTests {
  init() { BLAS.useOneThread() }

  static let estimators = [
    CorrelationEstimator.rolling(window: 7), .rolling(window: 64), .exponential(decay: 0.9),
  ]

  func bits(_ correlation: inout Correlation) -> [UInt64] {
    let count = Correlation.packedCount(correlation.symbolCount)
    var packed = [Double](repeating: 0, count: count)
    var joint = [Int32](repeating: 0, count: count)
    var room = packed.mutableSpan
    correlation.copyCorrelations(into: &room)
    var counts = joint.mutableSpan
    correlation.copyJointRows(into: &counts)
    return packed.map(\.bitPattern) + joint.map { UInt64($0) }
  }

  /// Rows with gaps, of which later ones have more symbols.
  func rows(_ count: Int, seed: UInt64) -> [[Double]] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { row in
      (0..<min(20, 3 + row / 2)).map { _ in
        Int.random(in: 0..<8, using: &random) == 0
          ? .nan : Double.random(in: -1...1, using: &random)
      }
    }
  }

  @Test(arguments: estimators, [UInt64](1...3))
  func `a state that is taken over is the same to the bit`(
    estimator: CorrelationEstimator, seed: UInt64
  ) throws {
    let configuration = try CorrelationConfiguration(estimator: estimator, minimumPeriods: 2)
    var original = try Correlation(configuration, capacity: 20)
    var copy = try Correlation(configuration, capacity: 20)
    let rows = rows(100, seed: seed)
    // What it held before leaves no trace.
    for row in self.rows(90, seed: seed + 9) { copy.update(row.span) }
    for row in rows.prefix(50) { original.update(row.span) }
    copy.assign(original)
    let (one, two) = (bits(&original), bits(&copy))
    #expect(one == two)
    for row in rows.dropFirst(50) {
      original.update(row.span)
      copy.update(row.span)
    }
    let (three, four) = (bits(&original), bits(&copy))
    #expect(three == four && three != one)
  }

  @Test func `another estimator's state is refused`() async {
    await #expect(processExitsWith: .failure) {
      BLAS.useOneThread()
      var one = try Correlation(CorrelationConfiguration(), capacity: 4)
      let other = try Correlation(CorrelationConfiguration(), capacity: 5)
      one.assign(other)
    }
  }
}
