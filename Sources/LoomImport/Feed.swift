internal import LoomCore

/// One source in the merge: its next rows and whatever brings more.
final class Feed {
  let rows: any RowProducer
  var chunk = RowChunk()
  /// The next row of the chunk.
  var next = 0
  /// Whether it waits, closed, for the merge to reach its first row.
  var isResting = false
  /// The symbols as the reader numbers them; unknown until they are registered.
  var identifiers: [SymbolID] = []

  init(rows: any RowProducer) { self.rows = rows }

  /// When the next row of the chunk is, in nanoseconds since 1970.
  var nextKey: Int64 { chunk.ticks[next].tick.time.nanoseconds }

  /// Reads at least `count` rows into the chunk; false when none are left.
  func fill(atLeast count: Int = 1) throws(ImportError) -> Bool {
    chunk.clear()
    next = 0
    try rows.fill(&chunk, atLeast: count)
    return !chunk.ticks.isEmpty
  }

  /// Gives back all memory after the last row; the names stay.
  func finish() {
    rows.finish()
    chunk = RowChunk()
    next = 0
  }

  /// Gives back all memory until the merge reaches the first row.
  func rest() {
    rows.rest()
    chunk = RowChunk()
    next = 0
    isResting = true
  }
}
