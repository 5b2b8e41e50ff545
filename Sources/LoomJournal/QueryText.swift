internal import CSQLite

/// The text of a query, prepared.
@safe
struct QueryText {
  /// The first statement, to be finalised by whoever takes it; nil where there is none.
  var statement: OpaquePointer?
  /// Whether nothing but comments and semicolons stands beside it.
  var isOnly = true
  /// SQLite's result code of it.
  var code = SQLITE_OK
  /// Where it is not understood, in bytes; nil where that is not known.
  var errorOffset: Int?

  static func prepare(_ sql: String, on database: OpaquePointer) -> QueryText {
    var found = QueryText()
    unsafe sql.withCString { start in
      var rest = unsafe start
      while unsafe rest.pointee != 0 {
        var statement: OpaquePointer?
        var tail: UnsafePointer<CChar>?
        let code = unsafe sqlite3_prepare_v3(database, rest, -1, 0, &statement, &tail)
        if unsafe found.statement != nil, unsafe code != SQLITE_OK || statement != nil {
          // What follows is a statement, or would like to be one.
          unsafe sqlite3_finalize(statement)
          found.isOnly = false
          return
        }
        if code != SQLITE_OK {
          let offset = unsafe Int(sqlite3_error_offset(database))
          found.code = code & 0xFF
          unsafe found.errorOffset = offset < 0 ? nil : rest - start + offset
          return
        }
        unsafe found.statement = found.statement ?? statement
        guard let tail = unsafe tail, unsafe tail != rest else { return }
        unsafe rest = tail
      }
    }
    return found
  }
}
