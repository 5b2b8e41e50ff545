internal import CLoomCore

/// Pairwise-complete correlation of rows of returns, updated row by row.
///
/// A row holds one return per symbol in order of registration, NaN where there is none (so is a
/// value that is not finite, or above 1e60 in magnitude). Matrices are packed upper triangles,
/// row-major: (0,0), (0,1) … (0,n−1), (1,1) … Use from one thread at a time; nothing is allocated
/// after `init` and `grow`.
@safe
public struct Correlation: ~Copyable, @unchecked Sendable {
  // Safe to send: the handle has one owner and no thread affinity.
  let handle: OpaquePointer

  /// What is computed.
  public let configuration: CorrelationConfiguration

  /// Creates an estimator that has seen no rows.
  ///
  /// - Parameters:
  ///   - configuration: What to compute.
  ///   - capacity: Symbols there is room for; 1...16384.
  ///   - firstRow: Rows that went before. A rebuilt state has the bits of the original where rows
  ///     are fed again from a multiple of the window, at least one window back.
  /// - Throws: ``CoreError``; ``CoreError/blasThreads`` unless OpenBLAS runs one thread.
  public init(
    _ configuration: CorrelationConfiguration, capacity: Int, firstRow: Int = 0
  ) throws(CoreError) {
    guard firstRow >= 0, capacity >= 1 else { throw .badArgument }
    var options = loom_correlation_options(configuration)
    options.first_row = UInt64(firstRow)
    options.capacity = UInt32(clamping: capacity)
    var handle: OpaquePointer?
    try CoreError.check(unsafe loom_correlation_create(&options, &handle))
    guard let handle = unsafe handle else { preconditionFailure("created, but no handle") }
    unsafe self.handle = handle
    self.configuration = configuration
    self.capacity = capacity
  }

  deinit { unsafe loom_correlation_destroy(handle) }

  /// Symbols there is room for.
  public private(set) var capacity: Int

  /// Bytes of an estimator with room for `capacity` symbols, all of it used.
  public static func bytes(_ configuration: CorrelationConfiguration, capacity: Int) -> Int {
    var options = loom_correlation_options(configuration)
    options.capacity = UInt32(clamping: capacity)
    return Int(unsafe loom_correlation_bytes(&options))
  }

  /// Most symbols there can be room for.
  public static var maximumSymbols: Int { 1 << 14 }

  /// Makes room for more symbols; what is known stays, bit for bit.
  ///
  /// - Complexity: O(capacity²), allocates.
  /// - Throws: ``CoreError``, also where `capacity` is below the present one.
  public mutating func grow(to capacity: Int) throws(CoreError) {
    guard capacity >= self.capacity else { throw .badArgument }
    try CoreError.check(unsafe loom_correlation_grow(handle, UInt32(clamping: capacity)))
    self.capacity = capacity
  }

  /// Takes over the state of `other`, bit for bit, which stays as it is.
  ///
  /// Both have the same configuration and capacity.
  /// - Complexity: O(capacity²), and the window times the capacity; no allocation.
  public mutating func assign(_ other: borrowing Correlation) {
    do {
      try CoreError.check(unsafe loom_correlation_assign(handle, other.handle))
    } catch {
      preconditionFailure(
        "\(configuration), room for \(capacity), is not \(other.configuration), \(other.capacity)")
    }
  }

  /// Gives the symbols other columns: what was in `sources[k]` is in column k from now on.
  ///
  /// Who is not named is forgotten; each is named at most once. A rolling estimator only, at an
  /// anchor, that is where ``rowCount`` is divisible by the window.
  ///
  /// - Complexity: O(n²) and O(window · n); nothing is allocated.
  public mutating func arrange(_ sources: Span<UInt32>) {
    let status = unsafe sources.withUnsafeBufferPointer { sources in
      unsafe loom_correlation_arrange(handle, sources.baseAddress, UInt32(sources.count))
    }
    precondition(status == .ok, "\(sources.count) of \(symbolCount) columns after \(rowCount) rows")
  }

  /// Takes one row; symbols beyond its end are absent.
  ///
  /// - Complexity: O(n²).
  public mutating func update(_ returns: Span<Double>) {
    precondition(
      returns.count <= capacity, "\(returns.count) returns, room for \(capacity) symbols")
    unsafe returns.withUnsafeBufferPointer { row in
      _ = unsafe loom_correlation_update(handle, row.baseAddress, UInt32(row.count), nil)
    }
  }

  /// Takes one row and writes the packed correlations after it, in one pass.
  ///
  /// - Parameters:
  ///   - returns: One return per symbol.
  ///   - correlations: Room for ``packedCount(_:)`` of the symbols after this row.
  public mutating func update(
    _ returns: Span<Double>, writing correlations: inout MutableSpan<Double>
  ) {
    precondition(
      returns.count <= capacity, "\(returns.count) returns, room for \(capacity) symbols")
    checkRoom(correlations.count, for: max(symbolCount, returns.count))
    unsafe correlations.withUnsafeMutableBufferPointer { packed in
      unsafe returns.withUnsafeBufferPointer { row in
        _ = unsafe loom_correlation_update(
          handle, row.baseAddress, UInt32(row.count), packed.baseAddress)
      }
    }
  }

  /// Takes `count` rows at once, row-major in `rows`, without a matrix for each.
  ///
  /// The state is that of `count` updates: bit for bit from the next anchor on (a row number
  /// divisible by the window), before it to 1e-10 of a correlation.
  public mutating func backfill(_ rows: Span<Double>, count: Int) {
    precondition(count >= 0, "\(count) rows")
    guard count > 0 else { return }
    let symbols = rows.count / count
    precondition(symbols * count == rows.count, "\(rows.count) returns in \(count) rows")
    precondition(symbols <= capacity, "\(symbols) returns a row, room for \(capacity) symbols")
    unsafe rows.withUnsafeBufferPointer { rows in
      _ = unsafe loom_correlation_backfill(
        handle, rows.baseAddress, UInt32(symbols), UInt64(count))
    }
  }

  /// Values in the packed upper triangle of a matrix of `symbols`.
  public static func packedCount(_ symbols: Int) -> Int { symbols * (symbols + 1) / 2 }

  func checkRoom(_ room: Int, for symbols: Int) {
    let needed = Self.packedCount(symbols)
    precondition(room >= needed, "room for \(room) values, \(symbols) symbols need \(needed)")
  }
}

extension loom_correlation_options {
  fileprivate init(_ configuration: CorrelationConfiguration) {
    self.init()
    switch configuration.estimator {
    case .rolling(let window): self.window = UInt32(window)
    case .exponential(let decay): self.decay = decay
    }
    minimum_periods = UInt32(configuration.minimumPeriods)
  }
}
