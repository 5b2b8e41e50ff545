/// Space in the file of a store that nothing uses.
enum StoreSpace {
  /// So many pages may be free: what is deleted makes room for what comes.
  private static let fewestFree = 256
  /// Most that are given back at once; each that is used is moved first, which takes some ten
  /// microseconds.
  static let pagesAtOnce = 64

  /// Gives some space back to the file system, within the transaction of the caller, where much is free.
  static func giveBack(on database: borrowing Database) throws(JournalError) {
    let free = try database.integer("PRAGMA freelist_count") ?? 0
    if free <= fewestFree { return }
    let pages = try database.integer("PRAGMA page_count") ?? 0
    if free <= pages / 8 { return }
    try database.execute("PRAGMA incremental_vacuum(\(pagesAtOnce))")
  }
}
