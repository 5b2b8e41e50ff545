public import LoomCore
internal import LoomFeatures
internal import LoomNormalization
internal import LoomSystem

extension Pipeline {
  /// Whether a snapshot can be taken: every feature says what its state is.
  public static var isRestorable: Bool { Members.isRestorable }

  /// Everything that what comes next depends on, as bytes: after ``restore(from:)`` of another
  /// pipeline that one puts out, for the same inputs, the same bits.
  ///
  /// Of equal states the bytes are equal, also when one of them is spread over shards and the other
  /// is not. What was given to the consumer is not in it.
  ///
  /// - Precondition: It is settled; see ``settle(into:)``.
  /// - Throws: ``LoomCore/SnapshotError/notRestorable(_:)``.
  /// - Complexity: A copy of the state, which it allocates.
  public mutating func snapshot() throws(SnapshotError) -> [UInt8] {
    precondition(threads?.batchesUnderWay ?? 0 == 0, "settle the pipeline before a snapshot")
    var states = try writeSymbols()
    var writer = SnapshotWriter()
    try SnapshotFrame.begin(settingsText, featureNames, &writer)
    try transfer(&states, through: &writer)
    return SnapshotFrame.end(writer)
  }

  /// Becomes the pipeline of a ``snapshot()``, taken over however many shards.
  ///
  /// - Precondition: It has seen nothing and is not spread over shards yet.
  /// - Throws: ``LoomCore/SnapshotError``, among others where the settings or features are not the
  ///   same; then this pipeline is of no use any more.
  public mutating func restore(from bytes: [UInt8]) throws(SnapshotError) {
    precondition(threads == nil, "symbols are at other threads already")
    precondition(
      gate.lastSequence == 0 && gate.symbolCount == 0, "\(gate.lastSequence) inputs were taken")
    var reader = try SnapshotFrame.open(bytes)
    try SnapshotFrame.begin(settingsText, featureNames, &reader)
    var states: [[UInt8]] = []
    try transfer(&states, through: &reader)
    try reader.finish()
    try SymbolStates.restore(states, &bars, &features, isCorrecting: isCorrecting)
  }

  private mutating func transfer<Coder: SnapshotCoder>(
    _ states: inout [[UInt8]], through coder: inout Coder
  ) throws(SnapshotError) {
    try coder.sequence(&lastSequence)
    try gate.transfer(through: &coder)
    try correlator.transfer(through: &coder)
    try coder.section("symbols")
    if Coder.isReading { states = Array(repeating: [], count: gate.symbolCount) }
    for symbol in states.indices { try coder.values(&states[symbol]) }
  }

  private mutating func writeSymbols() throws(SnapshotError) -> [[UInt8]] {
    let count = gate.symbolCount
    if threads == nil {
      return try SymbolStates.write(count, &bars, &features, isCorrecting: isCorrecting)
    }
    return try threads?.states(of: count) ?? []
  }

  private var isCorrecting: Bool { bars.isCorrecting }

  private var settingsText: String {
    let tables = correlator.tables.depth.map { ";tables=\($0)" } ?? ""
    return configuration.text + ";held-slots=\(configuration.heldSlots)" + tables
  }
}
