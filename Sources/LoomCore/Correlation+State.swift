internal import CLoomCore

extension Correlation {
  /// Number of the oldest known row of those the state is a function of.
  ///
  /// They go on to the present one; exponential: none is known.
  /// Rolling, these are the rows from the anchor before the last one on, or all there were.
  public var firstKnownRow: Int { Int(unsafe loom_correlation_history(handle)) }

  /// Copies out the returns of a row from ``firstKnownRow`` on, one for each of the symbols there are
  /// now, NaN where there was none.
  public func copyRow(_ number: Int, into returns: inout MutableSpan<Double>) {
    precondition((firstKnownRow..<rowCount).contains(number), "row \(number) of \(rowCount)")
    precondition(returns.count >= symbolCount, "room for \(returns.count) of \(symbolCount)")
    unsafe returns.withUnsafeMutableBufferPointer { returns in
      unsafe loom_correlation_history_row(handle, UInt64(number), returns.baseAddress)
    }
  }

  /// The state of an exponential estimator as bytes, of equal ones the same; empty if rolling.
  ///
  /// - Complexity: O(n²), allocates.
  public var moments: [UInt8] {
    let count = Int(unsafe loom_correlation_state_bytes(handle))
    if count == 0 { return [] }
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { room, filled in
      guard let begin = room.baseAddress else { return }
      unsafe loom_correlation_save(handle, begin)
      filled = count
    }
  }

  /// Takes over the state of another exponential estimator, whatever room that had: what comes from
  /// now on has the same bits.
  ///
  /// - Throws: ``SnapshotError/damaged(_:)``; then this estimator is of no use.
  public mutating func restore(moments: [UInt8]) throws(SnapshotError) {
    let status = unsafe moments.withUnsafeBytes {
      unsafe loom_correlation_load(handle, $0.baseAddress, $0.count)
    }
    if status != .ok { throw .damaged("moments of pairs") }
  }
}
