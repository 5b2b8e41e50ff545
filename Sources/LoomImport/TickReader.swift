public import LoomCore
public import LoomSystem

/// Reads ticks and bars from files, merged by time and stamped with their sequence.
///
/// Opens and probes everything when it is created; then delivers batches. One thread at a time.
/// Memory does not grow with the files: beyond 16 of them each waits closed until the merge
/// reaches its first row, and packed ones whose unpackers would take more than 64 MB together are
/// unpacked into a temporary file.
public final class TickReader {
  /// Where rows come from; the position is the ``SourceID`` of their ticks.
  public private(set) var sources: [Source] = []
  /// The symbols in the order of their first row that is not malformed.
  public private(set) var symbols = SymbolTable()

  private let configuration: ImportConfiguration
  private let limits: ReadingLimits
  private let spill: ByteSourceSpill
  private var feeds: [Feed?] = []
  private var queue = MergeQueue()
  private var awakeBytes = 0
  private var sequence: UInt64
  private var isStarted = false
  private var collected = 0
  private var collector: SortedInput.Collector?
  private var sorted: SortedInput?
  private let live: LiveReading?
  private var liveRows: FileRows?

  /// Rows of a batch, about.
  private static let batchRows = 4096

  /// Opens `inputs` and looks at the first rows of each.
  ///
  /// - Parameters:
  ///   - inputs: Files, folders, standard input and generators; at most 65,535 in all.
  ///   - configuration: How they are read.
  ///   - cancellation: Ends a read, even one that waits for a pipe, with an error.
  ///   - live: How the one input is read as it comes, which is standard input or a socket; nil reads
  ///     files.
  ///   - symbols: Symbols that have their identifiers already, in order.
  ///   - sequence: The sequence that the first row follows.
  /// - Throws: ``ImportError`` for the first that cannot be read.
  public init(
    inputs: [InputLocation], configuration: ImportConfiguration = ImportConfiguration(),
    cancellation: Cancellation? = nil, live: LiveReading? = nil, symbols: [String] = [],
    after sequence: UInt64 = 0
  ) throws(ImportError) {
    self.live = live
    self.sequence = sequence
    for name in symbols { _ = self.symbols.register(name) }
    self.configuration = configuration
    let members = try InputMember.all(of: inputs)
    limits = ReadingLimits(fileCount: members.count)
    spill = ByteSourceSpill(folder: configuration.temporaryFolder)
    let zone = try configuration.timeZone.map { (name: String) throws(ImportError) -> ZoneRules in
      try ZoneRules(name: name, folder: configuration.zoneFolder)
    }
    let opener = SourceOpener(
      configuration: configuration, zone: zone, limits: limits,
      parser: SharedRowParser(maxRows: limits.blockRows), spill: spill, cancellation: cancellation,
      live: live)
    for member in members {
      do { try open(member, opener) } catch {
        guard error.kind == .unreadable, configuration.skipsUnreadable else { throw error }
        sources[feeds.count].skippedReason = error.description
        feeds.append(nil)
      }
    }
    if configuration.sorts { collector = SortedInput.Collector(configuration: configuration) }
  }

  private func open(_ member: InputMember, _ opener: SourceOpener) throws(ImportError) {
    let identifier = SourceID(rawValue: UInt16(feeds.count))
    var source = Source(name: member.name, path: member.path ?? member.name)
    sources.append(source)
    if let generator = member.generator {
      let filter = RowFilter(configuration)
      feeds.append(Feed(rows: GeneratedRows(generator, source: identifier, filter: filter)))
      return
    }
    precondition(live == nil || member.isStream, "\(member.name) is no stream")
    precondition(live == nil || identifier.index == 0, "live reading has one input")
    precondition(live != nil || !member.isSocket, "a socket is read live or not at all")
    let rows = try opener.open(path: member.path, name: member.name, identifier: identifier)
    if live != nil { liveRows = rows }
    try opener.survey(rows, &source)
    sources[identifier.index] = source
    feeds.append(Feed(rows: rows))
  }

  /// Bytes read so far of the files as they lie on the disk.
  public var bytesRead: Int64 { feeds.reduce(0) { $0 + ($1?.rows.bytesRead ?? 0) } }

  /// Bytes of all files as they lie on the disk; nil with a pipe or a generator among them.
  public var bytesTotal: Int64? {
    var total: Int64 = 0
    for feed in feeds {
      guard let feed else { continue }
      guard let bytes = feed.rows.bytesTotal else { return nil }
      total += bytes
    }
    return total
  }

  /// Nanoseconds that a live input was waited for; 0 for files.
  public var waitedNanoseconds: Int64 { liveRows?.waitedNanoseconds ?? 0 }

  /// Replaces the contents of `batch` by the next rows; false at the end.
  ///
  /// While rows are collected for sorting the batches are empty; of a live input, where nothing came
  /// for a tenth of a second.
  ///
  /// - Complexity: O(rows · log(files)); arrays are reused, nothing is allocated per row.
  /// - Throws: ``ImportError`` where a file cannot be read on; all rows before it were delivered.
  public func read(into batch: inout InputBatch) throws(ImportError) -> Bool {
    batch.clear()
    if let live, let liveRows { return try readArrived(live, liveRows, into: &batch) }
    if collector != nil { return try collect() }
    if sorted != nil { return try readSorted(into: &batch) }
    if !isStarted { try start() }
    if queue.count == 1, let position = queue.first {
      try readOne(position, into: &batch)
    } else {
      while batch.ticks.count < Self.batchRows, let position = queue.first {
        try readNext(position, into: &batch)
      }
    }
    return !batch.ticks.isEmpty
  }
}

// MARK: Merging

extension TickReader {
  private func start() throws(ImportError) {
    isStarted = true
    for (position, feed) in feeds.enumerated() {
      guard let feed else { continue }
      if !limits.rests { try makeRoom(for: feed) }
      guard try feed.fill() else { continue }
      queue.insert(position, key: feed.nextKey)
      if limits.rests, feed.rows.canRest {
        feed.rest()
      } else {
        awakeBytes += feed.rows.memoryBytes
      }
    }
  }

  /// The last file left: its rows are handed over as they are.
  private func readOne(_ position: Int, into batch: inout InputBatch) throws(ImportError) {
    guard let feed = try awake(position) else { return }
    if feed.next > 0 {
      while feed.next < feed.chunk.ticks.count { copyRow(feed, into: &batch) }
    } else {
      take(feed, into: &batch)
    }
    if try !feed.fill(atLeast: Self.batchRows - limits.blockRows) { finish(feed) }
  }

  /// One row of the file whose next row is the earliest.
  private func readNext(_ position: Int, into batch: inout InputBatch) throws(ImportError) {
    guard let feed = try awake(position) else { return }
    copyRow(feed, into: &batch)
    if feed.next == feed.chunk.ticks.count, try !feed.fill() {
      finish(feed)
    } else {
      queue.replaceFirst(key: feed.nextKey)
    }
  }

  /// What has come, which may be nothing.
  private func readArrived(
    _ live: LiveReading, _ rows: FileRows, into batch: inout InputBatch
  ) throws(ImportError) -> Bool {
    guard !rows.isAtEnd, let feed = feeds[0] else { return false }
    _ = try feed.fill()
    take(feed, into: &batch)
    guard let clock = live.clock else { return true }
    let now = clock()
    batch.clock = now
    for row in batch.ticks.indices { batch.ticks[row].tick.receiveTime = now }
    return true
  }

  /// Hands over the chunk of a feed as it is.
  private func take(_ feed: Feed, into batch: inout InputBatch) {
    swap(&batch.ticks, &feed.chunk.ticks)
    swap(&batch.origins, &feed.chunk.origins)
    swap(&batch.text, &feed.chunk.text)
    for row in batch.ticks.indices { stamp(row, feed, &batch) }
  }

  private func finish(_ feed: Feed) {
    queue.removeFirst()
    awakeBytes -= feed.rows.memoryBytes
    feed.finish()
  }

  /// Unpacks a file whose unpacker would be one too many for memory.
  private func makeRoom(for feed: Feed) throws(ImportError) {
    if awakeBytes > 0, awakeBytes + feed.rows.memoryBytes > ReadingLimits.unpackingBytes {
      try feed.rows.unpack(into: spill)
    }
  }

  /// The feed at `position`, with its next row at hand.
  private func awake(_ position: Int) throws(ImportError) -> Feed? {
    guard let feed = feeds[position] else { return nil }
    guard feed.isResting else { return feed }
    feed.isResting = false
    try makeRoom(for: feed)
    awakeBytes += feed.rows.memoryBytes
    guard try feed.fill() else {
      throw ImportError(.bytes, "\(sources[position].path): its rows vanished while it was read")
    }
    return feed
  }

  private func copyRow(_ feed: Feed, into batch: inout InputBatch) {
    let row = feed.next
    feed.next += 1
    var origin = feed.chunk.origins[row]
    let start = origin.offset
    origin.offset = batch.text.count
    batch.ticks.append(feed.chunk.ticks[row])
    batch.origins.append(origin)
    batch.text.append(contentsOf: feed.chunk.text[start..<start + origin.length])
    stamp(batch.ticks.count - 1, feed, &batch)
  }

  /// Gives a row of the batch its sequence and its symbol.
  @inline(__always)
  private func stamp(_ row: Int, _ feed: Feed, _ batch: inout InputBatch) {
    let local = batch.ticks[row].tick.symbol
    let refusal = batch.ticks[row].tick.flags.refusal
    if refusal == nil || refusal == .invalidTime {
      sequence += 1
      batch.ticks[row].sequence = sequence
    }
    if local == .unknown { return }
    if local.index < feed.identifiers.count, feed.identifiers[local.index] != .unknown {
      batch.ticks[row].tick.symbol = feed.identifiers[local.index]
    } else {
      register(row, feed, &batch)
    }
  }

  private func register(_ row: Int, _ feed: Feed, _ batch: inout InputBatch) {
    let local = batch.ticks[row].tick.symbol.index
    let name = feed.rows.name(ofSymbol: local)
    if batch.ticks[row].tick.flags.refusal == .malformed, symbols[name] == nil {
      batch.ticks[row].tick.symbol = .unknown
      batch.unregistered.append((row, name))
      return
    }
    let identifier = symbols.register(name)
    while feed.identifiers.count <= local { feed.identifiers.append(.unknown) }
    feed.identifiers[local] = identifier
    batch.ticks[row].tick.symbol = identifier
  }
}

// MARK: Sorting

extension TickReader {
  /// Takes some more rows to be sorted.
  private func collect() throws(ImportError) -> Bool {
    while collected < feeds.count {
      if let feed = feeds[collected] {
        let hasRows = try feed.fill(atLeast: Self.batchRows)
        try collector?.take(feed.chunk)
        if hasRows { return true }
        feed.finish()
      }
      collected += 1
    }
    sorted = try collector.take()?.finish()
    return true
  }

  private func readSorted(into batch: inout InputBatch) throws(ImportError) -> Bool {
    while batch.ticks.count < Self.batchRows, try sorted?.next(into: &batch) == true {
      let row = batch.ticks.count - 1
      if let feed = feeds[batch.ticks[row].tick.source.index] { stamp(row, feed, &batch) }
    }
    return !batch.ticks.isEmpty
  }
}
