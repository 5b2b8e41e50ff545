internal import LoomCore
internal import LoomImport
internal import LoomJournal

/// How far the feeds of a run are read, and what was refused before it had a place in the order: what a
/// store keeps beside the inputs.
struct ReadingState {
  private struct Place {
    var rows = 0
    var line = 0
    var isChanged = false
  }

  private struct Key: Hashable {
    var source: SourceID
    var symbol: SymbolID
    var reason: RejectReason
  }

  /// By ``SourceID``.
  private var places: [Place]
  private var counters: [(key: Key, count: Int)] = []
  private var indexes: [Key: Int] = [:]
  private var changed: [Int] = []
  /// Rows that are taken once more: what the store says of them stays until they are through.
  private var rowsAgain: Int

  init(sourceCount: Int, _ resumption: RunResumption?) {
    places = Array(repeating: Place(), count: sourceCount)
    rowsAgain = resumption.map { $0.takesAllAgain && $0.point.cut == nil ? $0.rows : 0 } ?? 0
    guard let resumption, !resumption.takesAllAgain else { return }
    for position in resumption.point.positions where position.source.index < sourceCount {
      places[position.source.index] = Place(rows: position.rows, line: position.line)
    }
    for counter in resumption.point.counters {
      let key = Key(source: counter.source, symbol: counter.symbol, reason: counter.reason)
      indexes[key] = counters.count
      counters.append((key, counter.count))
    }
  }

  /// Takes note of the rows of a batch.
  mutating func take(_ batch: borrowing InputBatch) {
    for row in batch.ticks.indices {
      let source = batch.ticks[row].tick.source.index
      places[source].rows += 1
      places[source].line = batch.origins[row].line
      places[source].isChanged = true
    }
    rowsAgain = max(0, rowsAgain - batch.ticks.count)
  }

  /// Counts a row that has no place in the order.
  mutating func count(_ tick: Tick, _ reason: RejectReason) {
    let key = Key(source: tick.source, symbol: tick.symbol, reason: reason)
    let place = indexes[key] ?? counters.count
    if place == counters.count {
      indexes[key] = place
      counters.append((key, 0))
    }
    if counters[place].count == 0 || !changed.contains(place) { changed.append(place) }
    counters[place].count += 1
  }

  /// Hands over what has changed since the last time.
  mutating func put(into parcel: inout RunParcel) {
    if rowsAgain > 0 { return }
    for source in places.indices where places[source].isChanged {
      places[source].isChanged = false
      parcel.positions.append(
        StorePosition(
          source: SourceID(rawValue: UInt16(source)), rows: places[source].rows,
          line: places[source].line))
    }
    for place in changed {
      let (key, count) = counters[place]
      parcel.counters.append(
        StoreCounter(source: key.source, symbol: key.symbol, reason: key.reason, count: count))
    }
    changed.removeAll(keepingCapacity: true)
  }
}
