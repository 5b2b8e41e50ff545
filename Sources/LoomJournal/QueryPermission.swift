internal import CSQLite

/// What a query may do: read the one store, however it is put, also by the store's own views.
enum QueryPermission {
  /// Lets SQLite ask before it prepares anything on `database`.
  static func restrict(_ database: borrowing Database) {
    unsafe sqlite3_set_authorizer(
      database.handle,
      { _, action, name, value, _, _ in
        let name = unsafe name.map { unsafe String(cString: $0) }
        let isAllowed = QueryPermission.allows(action, on: name, hasValue: unsafe value != nil)
        return isAllowed ? SQLITE_OK : SQLITE_DENY
      }, nil)
  }

  private static let describing: Set = ["table_info", "table_xinfo", "index_list", "index_info"]

  private static func allows(_ action: Int32, on name: String?, hasValue: Bool) -> Bool {
    switch action {
    case SQLITE_SELECT, SQLITE_READ, SQLITE_FUNCTION, SQLITE_RECURSIVE: true
    // A virtual table declares its columns so; where a query says it, SQLite refuses it itself.
    case SQLITE_UPDATE: name == "sqlite_master"
    case SQLITE_PRAGMA: !hasValue || describing.contains(name ?? "")
    default: false
    }
  }
}
