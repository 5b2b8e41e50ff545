internal import CLoomJournal
internal import LoomSystem

/// Where the whole blocks of a damaged store are.
struct Salvage: ~Copyable {
  /// A block, by its row or by its bytes.
  struct Found {
    var id: Int64
    var group: UInt64
    let header: loom_block_header
    /// Nil where its row can be read.
    let raw: RawBlock?
  }

  let database: Database
  /// Whether SQLite can make anything of it.
  let isReadable: Bool
  let pages: RawPages
  /// In order of their groups, and in that of the chain.
  private(set) var blocks: [Found] = []
  private var known: Set<UInt64> = []

  init(path: String) throws(JournalError) {
    let database: Database
    do throws(JournalError) { database = try Database.opened(path) } catch {
      throw error.whileReading
    }
    // Else SQLite refuses all of a file that was cut short.
    try database.execute("PRAGMA writable_schema = ON")
    isReadable = (try? database.integer("SELECT count(*) FROM sqlite_schema")) != nil
    pages = RawPages(path: path)
    self.database = database
  }

  /// Whether SQLite knows of the tables.
  var hasTables: Bool {
    let sql = "SELECT count(*) FROM sqlite_schema WHERE name IN ('run', 'symbols', 'bars')"
    return isReadable && (try? database.integer(sql)) == 3
  }

  /// Finds the blocks, by their rows first.
  mutating func collect(
    _ cancellation: Cancellation?, _ report: inout StoreRecovery.Report,
    _ onProgress: (Double, Int) -> Void
  ) throws(JournalError) {
    let path = database.path
    let verification: StoreVerification?
    do throws(JournalError) {
      verification = try StoreVerifier.verify(path: path, cancellation: cancellation) {
        onProgress(0.3 * Double($0.done) / Double(max(1, $0.total)), 0)
      }
    } catch {
      if error == .cancelled || error == .outOfMemory { throw error }
      verification = nil
      report.findings.append(StoreFinding(place: .file, reason: error.reason))
    }
    report.findings += verification?.findings ?? []
    try collectRows()
    if verification?.isSound != true {
      try collectBytes(cancellation, onProgress)
      if !isReadable && blocks.isEmpty {
        throw .unreadable(path: path, reason: "there is nothing in it to recover")
      }
    }
    nameGroups()
    report.blocks = (blocks.count, blocks.count { $0.raw != nil })
  }

  private static func key(_ header: loom_block_header) -> UInt64 {
    UInt64(header.header_checksum) << 32 ^ UInt64(header.body_checksum) ^ header.first_sequence
      << 13
  }

  private mutating func collectRows() throws(JournalError) {
    guard isReadable, var walk = try? RowWalk(BlockRow.columns, of: "blocks", on: database)
    else { return }
    while let found = try walk.next(on: database) {
      guard case .row = found else { continue }
      let row = BlockRow(walk.rows)
      let header = walk.rows.withBytes(BlockRow.blockColumn) { bytes in
        var header = loom_block_header()
        let status = unsafe bytes.withUnsafeBytes {
          unsafe loom_block_check($0.baseAddress, $0.count, &header)
        }
        let isWhole = unsafe status == .ok && loom_block_size(&header) == bytes.byteCount
        return isWhole ? header : nil
      }
      guard let header, known.insert(Self.key(header)).inserted else { continue }
      // A row that was changed is believed only as far as its block allows.
      let group = row.group <= header.first_sequence ? row.group : header.first_sequence
      blocks.append(Found(id: row.id, group: group, header: header, raw: nil))
    }
  }

  private mutating func collectBytes(
    _ cancellation: Cancellation?, _ onProgress: (Double, Int) -> Void
  ) throws(JournalError) {
    for (number, image) in pages.images.enumerated() {
      for raw in pages.blocks(in: image) where known.insert(Self.key(raw.header)).inserted {
        blocks.append(
          Found(
            id: raw.row?.id ?? .max, group: raw.row?.group ?? .max, header: raw.header, raw: raw))
      }
      onProgress(0.3 + 0.3 * Double(number) / Double(pages.images.count), 0)
      if cancellation?.isRequested == true { throw .cancelled }
    }
  }

  /// Puts the blocks in order; one without a row belongs to the last group that begins before it.
  private mutating func nameGroups() {
    let groups = blocks.lazy.map(\.group).filter { $0 != .max }.sorted()
    for place in blocks.indices where blocks[place].group == .max {
      let first = blocks[place].header.first_sequence
      blocks[place].group = groups.last { $0 <= first } ?? first
    }
    blocks.sort {
      ($0.group, $0.id, $0.header.first_symbol, $0.header.first_sequence)
        < ($1.group, $1.id, $1.header.first_symbol, $1.header.first_sequence)
    }
  }
}
