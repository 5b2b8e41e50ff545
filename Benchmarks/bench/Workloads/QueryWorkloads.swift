import CYardsticks
import Glibc
import LoomCore
import LoomJournal
import Synchronization

/// 10,000 rows of one symbol in a range of time, out of so many ticks of ten symbols.
///
/// From the blocks of a store, beside plain rows that SQLite finds by an index; opening the file
/// counts. The number in the name is that of the ticks; of plain rows there are 2 million at most,
/// since it takes them far longer to be written than to show what they show.
let queryWorkloads: [Workload] = [
  200_000, 1_000_000, 3_000_000, 10_000_000,
].flatMap { ticks in
  [
    Workload(
      "sqlite.range.\(ticks)", unit: "row", operations: 10_000, isBrief: ticks < 1_000_000
    ) { iterations, watch in
      let rows = min(ticks, 2_000_000)
      let path = try QueryFiles.plain(rows)
      let (from, to) = range(of: rows)
      for _ in 0..<iterations {
        var found: Int64 = 0
        watch.time { found = unsafe yardstick_sqlite_range(path, from, to) }
        if found != 10_000 { throw WorkloadError("\(found) plain rows") }
      }
    },
    Workload(
      "query.range.\(ticks)", unit: "row", operations: 10_000, yardstick: "sqlite.range.\(ticks)",
      isBrief: ticks < 1_000_000
    ) { iterations, watch in
      let path = try QueryFiles.store(ticks)
      let (from, to) = range(of: ticks)
      for _ in 0..<iterations {
        var found = 0
        try watch.time { found = try query(path, from, to) }
        if found != 10_000 { throw WorkloadError("\(found) rows") }
      }
    },
  ]
}

/// In the middle of so many ticks, 100,000 of them.
private func range(of ticks: Int) -> (from: Int64, to: Int64) {
  let from = Int64(ticks / 2) * Int64(YARDSTICK_TICK_STEP)
  return (from, from + 100_000 * Int64(YARDSTICK_TICK_STEP))
}

private func query(_ path: String, _ from: Int64, _ to: Int64) throws -> Int {
  var query = try StoreQuery(
    """
    SELECT seq, time_ns, bid, ask FROM ticks
    WHERE symbol = 'S3' AND time_ns >= \(from) AND time_ns < \(to)
    """, ofStoreAt: path)
  var rows = 0
  var sum = 0.0
  while try query.next() {
    for column in 0..<4 {
      switch query[column] {
      case .integer(let value): sum += Double(value)
      case .real(let value): sum += value
      default: break
      }
    }
    rows += 1
  }
  return sum > 0 ? rows : -1
}

/// The files of the queries, made once and removed at the end of the process.
private enum QueryFiles {
  private static let folder = Mutex<TemporaryFolder?>(nil)

  static func plain(_ rows: Int) throws -> String {
    try file("plain-\(rows)") { path in
      if unsafe !yardstick_sqlite_fill(path, Int64(rows)) {
        throw WorkloadError("SQLite cannot fill \(path)")
      }
    }
  }

  static func store(_ ticks: Int) throws -> String {
    try file("store-\(ticks)") { path in
      let configuration = StoreConfiguration(
        text: "bench", timeframe: .second, featureNames: ["one"])
      var store = try Store(path: path, configuration: configuration)
      for symbol in 0..<10 {
        try store.register(SymbolID(rawValue: UInt32(symbol)), name: "S\(symbol)")
      }
      for start in stride(from: 0, to: ticks, by: 50_000) {
        let batch = (start..<min(ticks, start + 50_000)).map(tick)
        try store.append(ticks: batch.span)
        try store.commitBatch()
      }
      try store.close()
    }
  }

  /// As the plain rows.
  private static func tick(_ place: Int) -> SequencedTick {
    let price = 1.1 + Double(place * 7919 % 1000) * 1e-5
    return SequencedTick(
      sequence: UInt64(place + 1),
      tick: Tick(
        time: Timestamp(nanoseconds: Int64(place) * Int64(YARDSTICK_TICK_STEP)),
        symbol: SymbolID(rawValue: UInt32(place % 10)), bid: price, ask: price + 1e-5,
        bidSize: Double(place % 90 + 1), askSize: Double(place % 70 + 1), flags: .quote))
  }

  private static func file(_ name: String, _ make: (String) throws -> Void) throws -> String {
    try folder.withLock { folder in
      if folder == nil {
        folder = try TemporaryFolder()
        // What a global holds is not released at the end.
        atexit { QueryFiles.folder.withLock { $0 = nil } }
      }
      let path = (folder?.path ?? "") + "/" + name
      if unsafe access(path, F_OK) != 0 { try make(path) }
      return path
    }
  }
}
