internal import CSQLite

/// One prepared statement; finalised when it goes out of scope.
@safe
struct Statement: ~Copyable, @unchecked Sendable {
  // Safe to send: the statement has one owner, this noncopyable value.
  private let handle: OpaquePointer
  /// Is told of every value that is bound.
  private let digest: RowDigest?

  init(
    _ sql: String, on database: borrowing Database, digest: RowDigest? = nil
  ) throws(JournalError) {
    var handle: OpaquePointer?
    let persistent = UInt32(SQLITE_PREPARE_PERSISTENT)
    try database.check(
      unsafe sqlite3_prepare_v3(database.handle, sql, -1, persistent, &handle, nil))
    guard let handle = unsafe handle else { preconditionFailure("no statement in \(sql)") }
    unsafe self.handle = handle
    self.digest = digest
  }

  /// Owns a statement that was prepared elsewhere.
  init(owning handle: OpaquePointer) {
    unsafe self.handle = handle
    digest = nil
  }

  deinit { unsafe sqlite3_finalize(handle) }

  // Parameters are numbered from 1. Binding fails only for numbers that the statement lacks.

  mutating func bind(_ value: Int64, at place: Int32) {
    digest?.add(value)
    let code = unsafe sqlite3_bind_int64(handle, place, value)
    assert(code == SQLITE_OK)
  }

  mutating func bind(_ value: Bool, at place: Int32) { bind(Int64(value ? 1 : 0), at: place) }

  /// NaN becomes NULL.
  mutating func bind(_ value: Double, at place: Int32) {
    // SQLite keeps no sign of a zero.
    digest?.add(value == 0 ? 0 : value)
    let code = unsafe sqlite3_bind_double(handle, place, value)
    assert(code == SQLITE_OK)
  }

  mutating func bind(_ text: String, at place: Int32) {
    digest?.add(text)
    // With its length: a zero byte in it does not end it.
    let length = UInt64(text.utf8.count)
    let code = unsafe sqlite3_bind_text64(
      handle, place, text, length, Self.copied, UInt8(SQLITE_UTF8))
    assert(code == SQLITE_OK)
  }

  mutating func bind(_ bytes: RawSpan, at place: Int32) {
    digest?.add(blob: bytes)
    unsafe bytes.withUnsafeBytes { buffer in
      // An empty blob still needs an address, or it would be NULL.
      var nothing: UInt8 = 0
      let code = unsafe withUnsafePointer(to: &nothing) { empty in
        unsafe sqlite3_bind_blob64(
          handle, place, buffer.baseAddress ?? UnsafeRawPointer(empty), UInt64(buffer.count),
          Self.copied)
      }
      assert(code == SQLITE_OK)
    }
  }

  /// Tells SQLite to keep a copy.
  private static var copied: sqlite3_destructor_type {
    unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
  }

  /// Runs it to its end, ready for the next values.
  mutating func run(on database: borrowing Database) throws(JournalError) {
    let code = unsafe sqlite3_step(handle)
    unsafe sqlite3_reset(handle)
    if code != SQLITE_DONE && code != SQLITE_ROW { try database.check(code) }
  }

  /// Begins anew, ready for the next values.
  mutating func reset() {
    // Its result is that of the last step, which was told then.
    unsafe sqlite3_reset(handle)
  }

  /// Steps to the next row; false after the last.
  mutating func next(on database: borrowing Database) throws(JournalError) -> Bool {
    let code = unsafe sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    if code != SQLITE_DONE { try database.check(code) }
    return false
  }

  /// Steps once; SQLite's result code.
  mutating func step() -> Int32 { unsafe sqlite3_step(handle) }

  /// Whether it changes nothing.
  var isReadOnly: Bool { unsafe sqlite3_stmt_readonly(handle) != 0 }

  var columnCount: Int32 { unsafe sqlite3_column_count(handle) }

  // Columns are numbered from 0.

  func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(handle, column) }

  /// NULL is NaN.
  func number(_ column: Int32) -> Double {
    unsafe sqlite3_column_type(handle, column) == SQLITE_NULL
      ? .nan : sqlite3_column_double(handle, column)
  }

  /// Lets `body` read the bytes of a blob; NULL has none.
  func withBytes<Result>(_ column: Int32, _ body: (RawSpan) -> Result) -> Result {
    let start = unsafe sqlite3_column_blob(handle, column)
    let count = unsafe Int(sqlite3_column_bytes(handle, column))
    let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count)
    return unsafe body(bytes.bytes)
  }

  /// Gives `digest` the columns from `first` on, as they are.
  func addColumns(from first: Int32, to digest: RowDigest) {
    for column in first..<columnCount {
      switch unsafe sqlite3_column_type(handle, column) {
      case SQLITE_INTEGER: digest.add(integer(column))
      case SQLITE_FLOAT: digest.add(number(column))
      case SQLITE_TEXT: withText(column) { digest.add(text: $0) }
      case SQLITE_BLOB: withBytes(column) { digest.add(blob: $0) }
      default: digest.addNull()
      }
    }
  }

  /// Lets `body` read the bytes of a text.
  private func withText(_ column: Int32, _ body: (RawSpan) -> Void) {
    let start = unsafe sqlite3_column_text(handle, column)
    let count = unsafe Int(sqlite3_column_bytes(handle, column))
    let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count)
    unsafe body(bytes.bytes)
  }

  /// With its length: a zero byte in it does not end it.
  func text(_ column: Int32) -> String? {
    guard let start = unsafe sqlite3_column_text(handle, column) else { return nil }
    let count = unsafe Int(sqlite3_column_bytes(handle, column))
    let bytes = unsafe UnsafeBufferPointer(start: start, count: count)
    return unsafe String(decoding: bytes, as: UTF8.self)
  }

  /// Binds the columns of another's row from `first` on to the parameters from the first on.
  mutating func bindColumns(from first: Int32, of row: borrowing Statement) {
    for column in first..<row.columnCount {
      let place = column - first + 1
      switch unsafe sqlite3_column_type(row.handle, column) {
      case SQLITE_INTEGER: bind(row.integer(column), at: place)
      case SQLITE_FLOAT: bind(row.number(column), at: place)
      case SQLITE_TEXT: bind(row.text(column) ?? "", at: place)
      case SQLITE_BLOB: row.withBytes(column) { bind($0, at: place) }
      default: bind(Double.nan, at: place)
      }
    }
  }

  func name(_ column: Int32) -> String {
    guard let name = unsafe sqlite3_column_name(handle, column) else { return "" }
    return unsafe String(cString: name)
  }

  func value(_ column: Int32) -> QueryValue {
    switch unsafe sqlite3_column_type(handle, column) {
    case SQLITE_INTEGER: return .integer(integer(column))
    case SQLITE_FLOAT: return .real(number(column))
    case SQLITE_TEXT:
      // As text first: that may change how long it is in bytes.
      let start = unsafe UnsafeRawPointer(sqlite3_column_text(handle, column))
      let count = unsafe Int(sqlite3_column_bytes(handle, column))
      let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count)
      return unsafe .text(String(decoding: bytes, as: UTF8.self))
    case SQLITE_BLOB:
      return withBytes(column) { bytes in
        .blob(bytes.byteOffsets.map { unsafe bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) })
      }
    default: return .null
    }
  }
}
