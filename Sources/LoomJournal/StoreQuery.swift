internal import CLoomJournal
internal import CSQLite
internal import Glibc
public import LoomSystem

/// The rows of one SQL query of a store, which may be written meanwhile.
///
/// Beside the tables and views of ``Store`` there is the table `ticks`, the inputs: `seq`, `time`
/// (ISO 8601 in UTC with nine digits, so that it sorts as it reads), `symbol`, `bid`, `ask`,
/// `bid_size`, `ask_size`, `last`, `size`, `venue_seq`, `flags`, `reason` (NULL where accepted), and,
/// not shown by `SELECT *`, `time_ns`, `receive_ns` and `source`. Comparisons of `seq`, `time`,
/// `time_ns` and `symbol` with a value decide which blocks of the store are read at all.
///
/// All rows are of one moment of the store. One thread at a time.
public struct StoreQuery: ~Copyable, Sendable {
  /// The names of the columns, which may occur twice.
  public let columns: [String]
  private let database: Database
  private var statement: Statement
  private let watch: QueryWatch
  private let counters: QueryCounters

  /// Opens the store at `path` for reading only, and prepares a query.
  ///
  /// - Parameters:
  ///   - sql: One statement that only reads.
  ///   - path: The store.
  ///   - cancellation: Ends the query when it is requested.
  /// - Throws: ``QueryError``.
  public init(
    _ sql: String, ofStoreAt path: String, cancellation: Cancellation = Cancellation()
  ) throws(QueryError) {
    let database = try Self.open(path)
    let counters = try QueryCounters(registeringTicksOn: database)
    QueryPermission.restrict(database)
    let watch = QueryWatch(cancellation)
    watch.look(after: database)
    let statement = try Self.prepare(sql, on: database)
    columns = (0..<statement.columnCount).map { statement.name($0) }
    self.counters = counters
    self.watch = watch
    self.statement = statement
    self.database = database
  }

  /// Steps to the next row, the first at first; false after the last.
  ///
  /// - Throws: ``QueryError``.
  public mutating func next() throws(QueryError) -> Bool {
    switch statement.step() {
    case SQLITE_ROW: return true
    case SQLITE_DONE:
      do throws(JournalError) { try database.requireUndisturbed() } catch {
        throw QueryError(error, path: database.path)
      }
      return false
    case SQLITE_INTERRUPT: throw .interrupted
    case SQLITE_AUTH: throw .notReading
    case let code:
      let message = code & 0xFF == SQLITE_NOMEM ? "memory is short" : database.message
      throw .failed(path: database.path, message: message)
    }
  }

  /// The value of a column, from 0, of the row that ``next()`` has stepped to.
  public subscript(column: Int) -> QueryValue {
    precondition(columns.indices.contains(column), "column \(column) of \(columns.count)")
    return statement.value(Int32(column))
  }

  /// How many blocks were decoded so far.
  var decodedBlocks: Int { counters.decodedBlocks }

  private static func open(_ path: String) throws(QueryError) -> Database {
    if StoreFile.isMissing(path) { throw .noStore(path: path) }
    do throws(JournalError) {
      let database = try Database.opened(path)
      try database.execute(StoreFile.patience)
      try StoreSchema.require(in: database)
      return database
    } catch {
      throw QueryError(error, path: path)
    }
  }

  private static func prepare(
    _ sql: String, on database: borrowing Database
  ) throws(QueryError) -> Statement {
    let found = unsafe QueryText.prepare(sql, on: database.handle)
    switch unsafe (found.statement, found.code) {
    case (let statement?, SQLITE_OK):
      let owned = unsafe Statement(owning: statement)
      if !found.isOnly { throw .severalStatements }
      if !owned.isReadOnly { throw .notReading }
      return owned
    case (nil, SQLITE_OK): throw .noStatement
    case (_, SQLITE_AUTH), (_, SQLITE_READONLY): throw .notReading
    // What SQLite says where QueryPermission denies, with one code or another.
    case _ where database.message == "not authorized": throw .notReading
    case (_, SQLITE_ERROR):
      throw .sql(sql, message: database.message, offset: found.errorOffset)
    default: throw .failed(path: database.path, message: database.message)
    }
  }
}

extension QueryError {
  /// What went wrong with the file, to someone who reads it.
  fileprivate init(_ error: JournalError, path: String) {
    switch error {
    case .notAStore: self = .notAStore(path: path)
    case .newerStore(_, let format): self = .newerStore(path: path, format: format)
    case .inUse: self = .failed(path: path, message: "another program has locked it; try again")
    case .failed(_, _, let message, 0): self = .failed(path: path, message: message)
    case .failed(_, _, _, let code):
      self = .failed(path: path, message: unsafe String(cString: strerror(code)))
    default: self = .failed(path: path, message: "\(error)")
    }
  }
}
