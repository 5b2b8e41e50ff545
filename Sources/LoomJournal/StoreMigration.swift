/// Brings a store of an older format to the newest one, when a run goes on in it.
///
/// Stores that are only read stay as they are.
enum StoreMigration {
  /// What brings each format to the one after it.
  private static let steps = [3: StoreSchema.resumable]
  /// The oldest format in which a run can go on.
  private static let oldest = 3

  /// Throws unless a run can go on in the store.
  static func require(in database: borrowing Database) throws(JournalError) {
    try StoreSchema.require(in: database)
    let format = try database.integer("PRAGMA user_version") ?? 0
    if format < oldest { throw .olderStore(path: database.path, format: format) }
  }

  /// Does the steps that are due, within the transaction of the caller; whether there were any.
  static func migrate(_ database: borrowing Database) throws(JournalError) -> Bool {
    try require(in: database)
    let format = try database.integer("PRAGMA user_version") ?? 0
    if format == StoreSchema.format { return false }
    for step in format..<StoreSchema.format {
      guard let statements = steps[step] else {
        throw .olderStore(path: database.path, format: step)
      }
      try database.execute(statements)
      try database.execute("PRAGMA user_version = \(step + 1)")
    }
    return true
  }
}
