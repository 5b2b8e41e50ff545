import LoomCore
import Testing

struct CorrelationPreconditionTests {
  @Test func `a row longer than the capacity traps`() async {
    await #expect(processExitsWith: .failure) {
      var correlation = try makeCorrelation(.rolling(window: 4), capacity: 2)
      correlation.take([1, 2, 3])
    }
  }

  @Test func `a matrix without room for the symbols traps`() async {
    await #expect(processExitsWith: .failure) {
      var correlation = try makeCorrelation(.rolling(window: 4), capacity: 2)
      let row: [Double] = [1, 2]
      var packed = [Double](repeating: 0, count: 2)
      var span = packed.mutableSpan
      correlation.update(row.span, writing: &span)
    }
  }

  @Test func `a backfill that is not rows traps`() async {
    await #expect(processExitsWith: .failure) {
      var correlation = try makeCorrelation(.rolling(window: 4), capacity: 2)
      let rows: [Double] = [1, 2, 3]
      correlation.backfill(rows.span, count: 2)
    }
  }

  @Test func `a symbol beyond the matrix traps`() async {
    await #expect(processExitsWith: .failure) {
      var correlation = try makeCorrelation(.rolling(window: 4), capacity: 2)
      correlation.take([1])
      _ = correlation[0, 1]
    }
  }

  @Test func `a matrix of the wrong size has no eigenvalues`() async {
    await #expect(processExitsWith: .failure) {
      let packed: [Double] = [1, 2]
      _ = Eigenvalues.smallest(ofPacked: packed.span, symbols: 2)
    }
  }
}
