import Foundation
import LoomCore
import Testing

@testable import LoomJournal

/// Damaged and hostile stores are answered with an error, and nothing is left out silently.
struct QueryDamageTests {
  private static let damages = [
    "UPDATE blocks SET block = zeroblob(length(block)) WHERE id = 2",
    "UPDATE blocks SET block = substr(block, 1, 500) WHERE id = 2",
    "UPDATE blocks SET block = x'' WHERE id = 2",
    "UPDATE blocks SET block = 'text' WHERE id = 2",
    "UPDATE blocks SET block = (SELECT block FROM blocks WHERE id = 1) WHERE id = 2",
    "DELETE FROM blocks WHERE id = 2",
  ]

  @Test(arguments: damages)
  func `damage is told with its sequences`(change: String) throws {
    let store = try QueryStore(3000, batch: 1000)
    try Database(path: store.path).execute(change)
    let error = QueryStore.error("SELECT count(*) FROM ticks", store.path)
    guard case .failed(store.path, let message) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(message.hasPrefix("the inputs 1001 to 2000 are damaged: "), "\(message)")
    // What is not asked for does no harm.
    #expect(try store.rows("SELECT count(*) FROM ticks WHERE seq <= 1000") == [[.integer(1000)]])
  }

  /// Says that block 2 is elsewhere than it is.
  @Test(arguments: [
    "first_seq = 1", "last_seq = 9999", "first_time_ns = 0", "last_time_ns = 1 << 61",
    "last_symbol = 7", "first_symbol = -1", "count = 0", "first_group_seq = 999",
    "first_group_seq = -1 << 63", "first_seq = NULL", "last_seq = 'a'", "first_group_seq = x'00'",
    "count = 0.5",
  ])
  func `a row that lies about its block is told`(change: String) throws {
    let store = try QueryStore(3000, batch: 1000)
    try Self.rewrite(
      store.path,
      """
      CREATE TABLE free AS SELECT * FROM blocks;
      DROP TABLE blocks;
      CREATE TABLE blocks (id INTEGER PRIMARY KEY, first_group_seq, first_seq, last_seq,
        first_time_ns, last_time_ns, first_symbol, last_symbol, count, block);
      INSERT INTO blocks SELECT * FROM free;
      UPDATE blocks SET \(change) WHERE id = 2
      """)
    for sql in ["SELECT count(*) FROM ticks", "SELECT * FROM ticks ORDER BY seq"] {
      #expect(QueryStore.error(sql, store.path) != nil, "\(sql)")
    }
  }

  @Test(arguments: [
    "DROP TABLE blocks",
    "DROP TABLE blocks; CREATE TABLE blocks (id, block)",
    "DROP TABLE blocks; CREATE VIEW blocks AS SELECT seq AS id, seq AS first_group_seq, seq AS "
      + "first_seq, seq AS last_seq, 0 AS first_time_ns, 0 AS last_time_ns, 0 AS first_symbol, "
      + "0 AS last_symbol, 1 AS count, x'' AS block FROM ticks",
    "INSERT INTO blocks SELECT id + 10, first_group_seq, first_seq, last_seq, first_time_ns, "
      + "last_time_ns, first_symbol, last_symbol, count, block FROM blocks",
    "INSERT INTO blocks SELECT -id, first_group_seq, first_seq, last_seq, first_time_ns, "
      + "last_time_ns, first_symbol, last_symbol, count, block FROM blocks",
    "UPDATE rejects SET reason = 99 WHERE seq = 3",
    "DROP TABLE rejects; CREATE VIEW rejects AS SELECT seq, 1 AS reason FROM ticks",
    "DROP TABLE symbols",
    "DROP TABLE sources",
  ])
  func `a schema that is another is told`(change: String) throws {
    let store = try QueryStore(3000, batch: 1000)
    try Self.rewrite(store.path, change)
    for sql in ["SELECT *, source FROM ticks", "SELECT *, source FROM ticks WHERE seq > 2"] {
      #expect(QueryStore.error(sql, store.path) != nil, "\(sql)")
    }
  }

  @Test(arguments: [
    "UPDATE symbols SET name = x'00ff' WHERE id = 1", "UPDATE symbols SET id = -5 WHERE id = 1",
    "UPDATE symbols SET id = 9223372036854775807 WHERE id = 1", "DELETE FROM symbols WHERE id = 1",
    "UPDATE sources SET name = ''", "DELETE FROM rejects",
  ])
  func `strange names do no harm`(change: String) throws {
    let store = try QueryStore(3000, batch: 1000)
    try Self.rewrite(store.path, change)
    #expect(try store.rows("SELECT *, source FROM ticks").count == 3000)
    let named = "SELECT seq FROM ticks WHERE symbol IN (SELECT name FROM symbols)"
    #expect(try !store.rows(named).isEmpty)
  }

  @Test(arguments: 0..<20)
  func `any flipped bit of the file is an error or changes nothing that is read`(seed: Int) throws {
    let store = try QueryStore(3000, batch: 1000)
    let sql = "SELECT *, time_ns, receive_ns, source FROM ticks"
    let before = try store.rows(sql)
    var bytes = try Data(contentsOf: URL(filePath: store.path))
    // Beyond the schema: who changes that may ask for other things.
    let place = 16384 + (seed &* 7919 &* 104_729) % (bytes.count - 16384)
    bytes[place] ^= UInt8(1 << (seed % 8))
    try bytes.write(to: URL(filePath: store.path))
    let error = QueryStore.error(sql, store.path)
    if error != nil { return }
    let after = try store.rows(sql)
    // Names and reasons have no checksum.
    #expect(before.map(Self.withoutNames) == after.map(Self.withoutNames))
  }

  private static func withoutNames(_ row: [QueryValue]) -> [QueryValue] {
    row.enumerated().filter { ![2, 11, 14].contains($0.offset) }.map(\.element)
  }

  private static func rewrite(_ path: String, _ sql: String) throws {
    try Database(path: path).execute(sql)
  }
}
