internal import CLoomCore

extension Correlation {
  /// Rows taken, `firstRow` included.
  public var rowCount: Int { Int(unsafe loom_correlation_rows(handle)) }

  /// Symbols in the matrix: the longest row so far.
  public var symbolCount: Int { Int(unsafe loom_correlation_symbols(handle)) }

  /// Whether `symbol` takes part: it had a return in the window or, exponential, ever had one.
  public func isActive(_ symbol: Int) -> Bool {
    precondition((0..<symbolCount).contains(symbol), "symbol \(symbol) of \(symbolCount)")
    return unsafe loom_correlation_is_active(handle, UInt32(symbol)) != 0
  }

  /// The symbols that take part, ascending.
  public var activeSymbols: [Int] {
    var active: [Int] = []
    for symbol in 0..<symbolCount where isActive(symbol) { active.append(symbol) }
    return active
  }

  /// Copies out the packed correlations: the bits `update(_:writing:)` wrote for the last row.
  public func copyCorrelations(into packed: inout MutableSpan<Double>) {
    checkRoom(packed.count, for: symbolCount)
    unsafe packed.withUnsafeMutableBufferPointer { packed in
      unsafe loom_correlation_read(handle, packed.baseAddress)
    }
  }

  /// Copies out the packed counts of joint rows (n_eff).
  public func copyJointRows(into packed: inout MutableSpan<Int32>) {
    checkRoom(packed.count, for: symbolCount)
    unsafe packed.withUnsafeMutableBufferPointer { packed in
      unsafe loom_correlation_joint_rows(handle, packed.baseAddress)
    }
  }

  /// The rows that every pair shares while no symbol of a rolling window has a gap in it; else nil.
  ///
  /// As long as it stays the same, so do the counts of ``copyJointRows(into:)``.
  public var sharedRows: Int? {
    let rows = Int(unsafe loom_correlation_shared_rows(handle))
    return rows > 0 ? rows : nil
  }

  /// Copies out the packed covariances.
  ///
  /// Rolling with divisor n − 1; exponential divided by 1 − Σw² of the normalised weights
  /// (`ewm.cov(bias=False)` in pandas).
  public func copyCovariances(into packed: inout MutableSpan<Double>) {
    checkRoom(packed.count, for: symbolCount)
    unsafe packed.withUnsafeMutableBufferPointer { packed in
      unsafe loom_correlation_covariances(handle, packed.baseAddress)
    }
  }

  /// Everything about two symbols, in either order.
  public subscript(first: Int, second: Int) -> CorrelationPair {
    let symbols = 0..<symbolCount
    precondition(
      symbols.contains(first) && symbols.contains(second),
      "symbols \(first) and \(second) of \(symbolCount)")
    return CorrelationPair(unsafe loom_correlation_at(handle, UInt32(first), UInt32(second)))
  }
}
