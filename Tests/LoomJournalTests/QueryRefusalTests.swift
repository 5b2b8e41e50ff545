import Foundation
import LoomCore
import Testing

@testable import LoomJournal

/// What is no query, and what is no store.
struct QueryRefusalTests {
  private static func error(_ sql: String) throws -> QueryError? {
    let store = try QueryStore(10, batch: 10)
    return QueryStore.error(sql, store.path)
  }

  @Test(arguments: [
    "DELETE FROM bars", "INSERT INTO ticks (seq) VALUES (1)", "DROP TABLE ticks", "BEGIN",
    "CREATE TABLE x (a)", "CREATE TEMP TABLE x (a)", "ATTACH 'other.db' AS other", "VACUUM",
    "PRAGMA journal_mode = delete", "PRAGMA user_version = 7",
    "REINDEX", "ANALYZE", "EXPLAIN DELETE FROM bars", "CREATE VIRTUAL TABLE x USING ticks",
  ])
  func `whatever does more than reading is refused`(sql: String) throws {
    #expect(try Self.error(sql) == .notReading)
  }

  @Test func `the inputs cannot be changed`() throws {
    let error = try Self.error("UPDATE ticks SET bid = 1")
    #expect(error?.description.hasSuffix("table ticks may not be modified") == true)
  }

  @Test(arguments: ["SELECT 1; SELECT 2", "SELECT 1;; DROP TABLE bars", "SELECT 1; nonsense"])
  func `several statements are refused`(sql: String) throws {
    #expect(try Self.error(sql) == .severalStatements)
  }

  @Test(arguments: ["", " ;; ", "-- nothing", "/* nothing */"])
  func `no statement is refused`(sql: String) throws {
    #expect(try Self.error(sql) == .noStatement)
  }

  @Test(arguments: [
    "SELECT 1;", "-- first\nSELECT 1", ";SELECT 1 /* one */ ; -- end",
    "WITH a AS (SELECT 1) SELECT * FROM a", "VALUES (1)", "SELECT * FROM bars_text",
    "SELECT name FROM pragma_table_info('bars')", "SELECT * FROM sqlite_schema",
    "EXPLAIN SELECT * FROM ticks", "PRAGMA user_version",
  ])
  func `one statement may stand with comments`(sql: String) throws {
    #expect(try Self.error(sql) == nil)
  }

  @Test func `a mistake is told with its place`() throws {
    let error = try Self.error("SELECT \"ß\", nosuch FROM ticks")
    #expect(
      error?.description
        == "the query is wrong at character 13, `nosuch FROM ticks`: no such column: nosuch")
    #expect(
      try Self.error("SELECT 1 +")?.description == "the query is wrong: incomplete input")
  }

  @Test func `a missing store is not made`() throws {
    let folder = try StoreFolder()
    #expect(QueryStore.error("SELECT 1", folder.store) == .noStore(path: folder.store))
    #expect(try folder.names() == [])
  }

  @Test func `another file is refused by name, and stays as it is`() throws {
    let folder = try StoreFolder()
    for text in ["", "not a database, whatever its name says, and long enough for a header"] {
      try text.write(toFile: folder.store, atomically: false, encoding: .utf8)
      #expect(QueryStore.error("SELECT 1", folder.store) == .notAStore(path: folder.store))
      #expect(try String(contentsOfFile: folder.store, encoding: .utf8) == text)
    }
    try FileManager.default.removeItem(atPath: folder.store)
    try Database(path: folder.store).execute("CREATE TABLE t (a); PRAGMA application_id = 5")
    #expect(QueryStore.error("SELECT 1", folder.store) == .notAStore(path: folder.store))
    #expect(QueryStore.error("SELECT 1", folder.path) != nil)
  }

  @Test func `a newer store is refused`() throws {
    let store = try QueryStore(10, batch: 10)
    try Database(path: store.path).execute("PRAGMA user_version = 99")
    #expect(
      QueryStore.error("SELECT 1", store.path) == .newerStore(path: store.path, format: 99))
  }
}
