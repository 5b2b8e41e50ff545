public import LoomCore
internal import LoomSystem

/// What a store keeps beside inputs and results.
extension Store {
  /// Appends that a symbol takes no more inputs behind the one of `sequence`.
  public mutating func append(
    retired symbol: SymbolID, after sequence: UInt64
  ) throws(JournalError) {
    hasContents = true
    insert.change.bind(Int64(bitPattern: sequence), at: 1)
    insert.change.bind("retired", at: 2)
    insert.change.bind(Int64(symbol.rawValue), at: 3)
    try insert.change.run(on: database)
    let digest = insert.digests.changes
    digest.endRow(digest.lastRow + 1)
    try insert.digests.writeIfFull(.changes, digest, on: database)
  }

  /// Keeps how far a feed was read, in place of what was kept of it before.
  public mutating func put(_ position: StorePosition) throws(JournalError) {
    insert.digests.changed.insert(.positions)
    insert.position.bind(Int64(position.source.rawValue), at: 1)
    insert.position.bind(Int64(position.rows), at: 2)
    insert.position.bind(Int64(position.line), at: 3)
    try insert.position.run(on: database)
  }

  /// Keeps how many rows were refused before they had a place in the order, in place of what was kept
  /// of the same feed, symbol and reason before.
  public mutating func put(_ counter: StoreCounter) throws(JournalError) {
    hasContents = true
    insert.digests.changed.insert(.counters)
    insert.counter.bind(Int64(counter.source.rawValue), at: 1)
    insert.counter.bind(
      counter.symbol == .unknown ? -1 : Int64(counter.symbol.rawValue), at: 2)
    insert.counter.bind(Int64(counter.reason.rawValue), at: 3)
    insert.counter.bind(Int64(counter.count), at: 4)
    try insert.counter.run(on: database)
  }

  /// Appends a snapshot: all results of the inputs up to its sequence, and no others, were appended.
  public mutating func append(_ snapshot: StoreSnapshot) throws(JournalError) {
    let frame = ZstdFrame.pack(snapshot.state)
    uncheckedBytes += frame.count
    insert.snapshot.bind(Int64(bitPattern: snapshot.sequence), at: 1)
    insert.snapshot.bind(insert.digests.bars.lastRow, at: 2)
    insert.snapshot.bind(insert.digests.features.lastRow, at: 3)
    insert.snapshot.bind(insert.digests.versions.lastRow, at: 4)
    let events = snapshot.passedClockEvents.map { Int64($0) }
    insert.snapshot.bind(events ?? insert.digests.clockEvents.lastRow, at: 5)
    insert.snapshot.bind(snapshot.time.nanoseconds, at: 6)
    unsafe insert.snapshot.bind(frame.span.bytes, at: 7)
    try insert.snapshot.run(on: database)
    insert.digests.snapshots.endRow(Int64(bitPattern: snapshot.sequence))
    try insert.digests.writeIfFull(.snapshots, insert.digests.snapshots, on: database)
    try trim.begin(at: snapshot.time, on: database)
  }
}
