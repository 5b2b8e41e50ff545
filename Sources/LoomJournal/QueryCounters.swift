internal import CLoomJournal
internal import CSQLite

/// What the table of ticks of one connection has done.
@safe
struct QueryCounters: @unchecked Sendable {
  // Safe to send: it is read by whoever owns the connection.
  private let counters: UnsafePointer<loom_ticks_counters>

  /// Makes the table known to `database`, which outlives this value.
  init(registeringTicksOn database: borrowing Database) throws(QueryError) {
    var counters: UnsafePointer<loom_ticks_counters>?
    let code = unsafe loom_ticks_register(database.handle, &counters)
    guard code == SQLITE_OK, let counters = unsafe counters else {
      throw .failed(path: database.path, message: "memory is short")
    }
    unsafe self.counters = counters
  }

  var decodedBlocks: Int { unsafe Int(counters.pointee.blocks_decoded) }
}
