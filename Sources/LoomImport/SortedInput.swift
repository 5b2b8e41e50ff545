internal import LoomCore
internal import LoomSystem

/// All rows of all sources by time, rows without a legal time first, equal times as they came.
struct SortedInput: ~Copyable {
  private var records: SortedRecords
  private var isAtEnd = false
  private static let head = MemoryLayout<Tick>.size + MemoryLayout<Int>.size

  private init(_ records: consuming SortedRecords) { self.records = records }

  /// Appends the next row to `batch`; false after the last.
  mutating func next(into batch: inout InputBatch) throws(ImportError) -> Bool {
    if isAtEnd { return false }
    do { isAtEnd = try !records.next() } catch { throw ImportError(.bytes, error.description) }
    if isAtEnd { return false }
    records.withRecord { record in
      let tick = RawBytes.load(Tick.self, at: 0, of: record)
      let line = RawBytes.load(Int.self, at: MemoryLayout<Tick>.size, of: record)
      let offset = batch.text.count
      RawBytes.append(record, from: Self.head, to: &batch.text)
      batch.ticks.append(SequencedTick(sequence: 0, tick: tick))
      batch.origins.append(
        RowOrigin(line: line, offset: offset, length: record.count - Self.head))
    }
    return true
  }

  /// Collects rows in any order.
  struct Collector: ~Copyable {
    private var spool: SortedSpool

    init(configuration: ImportConfiguration) {
      spool = SortedSpool(
        memoryLimitBytes: configuration.sortMemoryBytes,
        temporaryFolder: configuration.temporaryFolder)
    }

    /// Takes the rows of `chunk`.
    mutating func take(_ chunk: RowChunk) throws(ImportError) {
      var bytes: [UInt8] = []
      for (row, stamped) in chunk.ticks.enumerated() {
        let origin = chunk.origins[row]
        bytes.removeAll(keepingCapacity: true)
        RawBytes.append(stamped.tick, to: &bytes)
        RawBytes.append(origin.line, to: &bytes)
        bytes += chunk.text[origin.offset..<origin.offset + origin.length]
        do {
          try spool.append(time: stamped.tick.time.nanoseconds, order: 0, bytes.span)
        } catch { throw ImportError(.bytes, error.description) }
      }
    }

    /// Sorts what was taken.
    consuming func finish() throws(ImportError) -> SortedInput {
      do { return SortedInput(try spool.finish()) } catch {
        throw ImportError(.bytes, error.description)
      }
    }
  }
}
