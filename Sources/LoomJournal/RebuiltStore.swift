internal import CSQLite
internal import Glibc

/// A copy of a store that has lost its first page, the one that tells where its tables begin, with
/// another that tells the same.
///
/// The tables of a store are made in one order, and where a table begins it stays. So the first page
/// of a store that was made just now is right for any other of as many features.
enum RebuiltStore {
  /// Copies the store at `path` to `copy`, with a new head.
  ///
  /// - Returns: Whether that finds the tables; else there is no copy.
  /// - Throws: ``JournalError`` where the copy cannot be written.
  static func make(
    of path: String, _ pages: RawPages, at copy: String
  ) throws(JournalError) -> Bool {
    StoreFile.remove(copy)
    var isRight = false
    defer { if !isRight { StoreFile.remove(copy) } }
    try copyFile(path, to: copy)
    try copyFile(path + "-wal", to: copy + "-wal")
    // A table of an older store begins a page earlier.
    for hasMap in [true, false] where !isRight {
      try replaceHead(of: copy, by: head(at: copy + ".head", pages, hasMap: hasMap))
      isRight = isPlausible(copy)
    }
    return isRight
  }

  /// Whether the tables are where they should be.
  private static func isPlausible(_ path: String) -> Bool {
    guard let database = try? Database(path: path, isReadOnly: true) else { return false }
    let state = (try? database.text("SELECT state FROM run")) ?? nil
    let timeframes = (try? database.integer("SELECT count(*) FROM run WHERE timeframe <> ''")) ?? 0
    return timeframes == 1 && ["running", "finished", "recovered"].contains(state ?? "")
  }

  /// The first page of a store with the same tables, made at `path` and removed.
  private static func head(
    at path: String, _ pages: RawPages, hasMap: Bool
  ) throws(JournalError) -> [UInt8] {
    var names = names(in: pages)
    if names == nil {
      let root = try model(at: path, [], hasMap: hasMap).root
      let columns = RawSchema.columns(ofTableAt: root, in: pages) ?? 2
      names = (0..<max(0, columns - 2)).map { "feature_\($0 + 1)" }
    }
    return try model(at: path, names ?? [], hasMap: hasMap).head
  }

  /// The names of the features, as far as an image of the first page still has them.
  private static func names(in pages: RawPages) -> [String]? {
    for usesLog in [true, false] {
      guard let image = pages.image(of: 1, usesLog: usesLog) else { continue }
      if let names = RawSchema.featureNames(in: pages.bytes(image)) { return names }
    }
    return nil
  }

  /// The first page of an empty store of such features, and where their table begins.
  private static func model(
    at path: String, _ names: [String], hasMap: Bool
  ) throws(JournalError) -> (head: [UInt8], root: Int) {
    StoreFile.remove(path)
    defer { StoreFile.remove(path) }
    let run = (timeframe: "", configuration: "")
    let store = try StoreFile.recovered(
      path: path, featureNames: names, run: run, hasMap: hasMap)
    try store.execute("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)")
    let root = try store.integer("SELECT rootpage FROM sqlite_schema WHERE name = 'features'")
    let file = PageFile(path: path)
    var head = file?.read(at: 0, count: StoreSchema.pageSize) ?? []
    if head.isEmpty { throw .unreadable(path: path, reason: "it cannot be opened") }
    // As many pages as there are in the file, none of them free.
    for place in 28..<40 { head[place] = 0 }
    return (head, root ?? 0)
  }

  private static func replaceHead(of path: String, by head: [UInt8]) throws(JournalError) {
    let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
    if descriptor < 0 { throw refusal(path) }
    defer { close(descriptor) }
    try write(head, at: 0, to: descriptor, path)
  }

  /// Copies a file, where there is one.
  private static func copyFile(_ path: String, to copy: String) throws(JournalError) {
    guard let source = PageFile(path: path) else { return }
    let descriptor = unsafe open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor < 0 { throw refusal(copy) }
    defer { close(descriptor) }
    for offset in stride(from: 0, to: source.size, by: 1 << 20) {
      let bytes = source.read(at: offset, count: min(1 << 20, source.size - offset))
      try write(bytes, at: offset, to: descriptor, copy)
    }
  }

  private static func write(
    _ bytes: [UInt8], at offset: Int, to descriptor: Int32, _ path: String
  ) throws(JournalError) {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { bytes in
        unsafe pwrite(
          descriptor, bytes.baseAddress.map { unsafe $0 + done }, bytes.count - done, offset + done)
      }
      if count < 0 && errno != EINTR { throw refusal(path) }
      done += max(0, count)
    }
  }

  private static func refusal(_ path: String) -> JournalError {
    .failed(path: path, code: SQLITE_CANTOPEN, message: "", systemCode: errno)
  }
}
