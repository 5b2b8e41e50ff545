import Foundation

@testable import LoomJournal

/// A folder of its own for one test, removed afterwards, and what SQL finds in its store.
final class StoreFolder: Sendable {
  let path: String
  var store: String { path + "/run.db" }

  init() throws {
    path = NSTemporaryDirectory() + "tickloom-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }

  /// Each row of a query, its columns as SQLite writes them, with bars between.
  func rows(_ sql: String, in name: String = "run.db") throws -> [String] {
    let database = try Database(path: path + "/" + name)
    var statement = try Statement(sql, on: database)
    var rows: [String] = []
    while try statement.next(on: database) {
      rows.append(
        (0..<statement.columnCount).map { statement.text($0) ?? "NULL" }.joined(separator: "|"))
    }
    return rows
  }

  func columns(_ table: String) throws -> [String] {
    try rows("SELECT name FROM pragma_table_info('\(table)')")
  }
}
