public import LoomCore
internal import LoomSystem

/// Reads ticks and bars from files, merged by time and stamped with their sequence.
///
/// Opens and probes everything when it is created; then delivers batches. One thread at a time.
public final class TickReader {
  /// Where rows come from; the position is the ``SourceID`` of their ticks.
  public private(set) var sources: [Source] = []
  /// The symbols in the order of their first row that is not malformed.
  public private(set) var symbols = SymbolTable()

  private let configuration: ImportConfiguration
  private var cursors: [FileCursor?] = []
  private var queue = MergeQueue()
  // Per source: the identifier of each of its symbols, unknown until it is registered.
  private var identifiers: [[SymbolID]] = []
  private var sequence: UInt64 = 0
  private var isStarted = false

  /// Rows of a batch, about.
  private static let batchRows = 4096

  /// Opens `inputs` and looks at the first rows of each.
  ///
  /// - Parameters:
  ///   - inputs: Files, folders and standard input; at most 65,535 files.
  ///   - configuration: How they are read.
  /// - Throws: ``ImportError`` for the first that cannot be read.
  public init(
    inputs: [InputLocation], configuration: ImportConfiguration = ImportConfiguration()
  ) throws(ImportError) {
    self.configuration = configuration
    let files = try Self.files(of: inputs)
    let opener = SourceOpener(
      configuration: configuration, zone: nil, count: files.count)
    for (position, path) in files.enumerated() {
      let name = path.map { $0.split(separator: "/").last.map(String.init) ?? $0 } ?? "stdin"
      sources.append(Source(name: name, path: path ?? "-"))
      do {
        let cursor = try opener.open(
          path: path, name: name, identifier: SourceID(rawValue: UInt16(position)))
        cursors.append(cursor)
        sources[position].isBars = cursor.isBars
      } catch {
        guard error.kind == .unreadable, configuration.skipsUnreadable else { throw error }
        sources[position].skippedReason = error.description
        cursors.append(nil)
      }
      identifiers.append([])
    }
  }

  /// Bytes read so far of the files as they lie on the disk.
  public var bytesRead: Int64 { cursors.reduce(0) { $0 + ($1?.source.bytesRead ?? 0) } }

  /// Bytes of all files as they lie on the disk; nil with a pipe among them.
  public var bytesTotal: Int64? {
    var total: Int64 = 0
    for cursor in cursors {
      guard let cursor else { continue }
      guard let size = cursor.source.size else { return nil }
      total += size
    }
    return total
  }

  /// Replaces the contents of `batch` by the next rows; false at the end.
  ///
  /// - Complexity: O(rows · log(files)); arrays are reused, nothing is allocated per row.
  /// - Throws: ``ImportError`` where a file cannot be read on; all rows before it were delivered.
  public func read(into batch: inout InputBatch) throws(ImportError) -> Bool {
    batch.clear()
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

  private func start() throws(ImportError) {
    isStarted = true
    for (position, cursor) in cursors.enumerated() {
      guard let cursor else { continue }
      if try cursor.fill() { queue.insert(position, key: cursor.nextKey) }
    }
  }

  /// The last file left: its rows are handed over as they are.
  private func readOne(_ position: Int, into batch: inout InputBatch) throws(ImportError) {
    guard let cursor = cursors[position] else { return }
    if cursor.next > 0 {
      while cursor.next < cursor.chunk.ticks.count { copyRow(cursor, position, into: &batch) }
    } else {
      swap(&batch.ticks, &cursor.chunk.ticks)
      swap(&batch.origins, &cursor.chunk.origins)
      swap(&batch.text, &cursor.chunk.text)
      for row in batch.ticks.indices { stamp(row, cursor, position, &batch) }
    }
    if try !cursor.fill(atLeast: Self.batchRows - 1024) { queue.removeFirst() }
  }

  /// One row of the file whose next row is the earliest.
  private func readNext(_ position: Int, into batch: inout InputBatch) throws(ImportError) {
    guard let cursor = cursors[position] else { return }
    copyRow(cursor, position, into: &batch)
    if cursor.next == cursor.chunk.ticks.count, try !cursor.fill() {
      queue.removeFirst()
    } else {
      queue.replaceFirst(key: cursor.nextKey)
    }
  }

  private func copyRow(_ cursor: FileCursor, _ position: Int, into batch: inout InputBatch) {
    let row = cursor.next
    cursor.next += 1
    var origin = cursor.chunk.origins[row]
    let start = origin.offset
    origin.offset = batch.text.count
    batch.ticks.append(cursor.chunk.ticks[row])
    batch.origins.append(origin)
    batch.text.append(contentsOf: cursor.chunk.text[start..<start + origin.length])
    stamp(batch.ticks.count - 1, cursor, position, &batch)
  }

  @inline(__always)
  private func stamp(
    _ row: Int, _ cursor: FileCursor, _ position: Int, _ batch: inout InputBatch
  ) {
    let local = batch.ticks[row].tick.symbol
    let refusal = batch.ticks[row].tick.flags.refusal
    if refusal == nil || refusal == .invalidTime {
      sequence += 1
      batch.ticks[row].sequence = sequence
    }
    if local == .unknown { return }
    let known = identifiers[position]
    if local.index < known.count, known[local.index] != .unknown {
      batch.ticks[row].tick.symbol = known[local.index]
    } else {
      register(row, cursor, position, &batch)
    }
  }

  private func register(
    _ row: Int, _ cursor: FileCursor, _ position: Int, _ batch: inout InputBatch
  ) {
    let local = batch.ticks[row].tick.symbol.index
    let name = cursor.names.texts[local]
    if batch.ticks[row].tick.flags.refusal == .malformed, symbols[name] == nil {
      batch.ticks[row].tick.symbol = .unknown
      batch.unregistered.append((row, name))
      return
    }
    let identifier = symbols.register(name)
    while identifiers[position].count <= local { identifiers[position].append(.unknown) }
    identifiers[position][local] = identifier
    batch.ticks[row].tick.symbol = identifier
  }

  private static func files(of inputs: [InputLocation]) throws(ImportError) -> [String?] {
    var files: [String?] = []
    for input in inputs {
      switch input {
      case .standardInput: files.append(nil)
      case .path(let path):
        if FileSystem.kind(of: path) == .folder {
          files += try members(of: path)
        } else {
          files.append(path)
        }
      }
    }
    if files.count > Int(UInt16.max) {
      throw ImportError(.option, "\(files.count) files are too many; at most 65,535 at once")
    }
    return files
  }

  private static func members(of folder: String) throws(ImportError) -> [String?] {
    let names = try reading { () throws(ByteSourceError) in try FileSystem.names(in: folder) }
    let base = folder.hasSuffix("/") ? folder : folder + "/"
    let files = names.filter { !$0.hasPrefix(".") }.map { base + $0 }
      .filter { FileSystem.kind(of: $0) != .folder }
    if files.isEmpty {
      throw ImportError(
        .unreadable, "\(folder): the folder holds no files; folders inside it are not read")
    }
    return files
  }
}
