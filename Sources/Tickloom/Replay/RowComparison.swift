/// Compares rows as they are made again with those of a store, by their keys.
///
/// Both sides come in the same order where nothing is wrong, and then nothing waits here. Where
/// rows are missing, changed or moved, those that have no counterpart yet wait, some thousand at most.
struct RowComparison<Row: ComparedRow> {
  /// A row that was made, and the inputs it came of.
  struct Made {
    var row: Row
    var inputs: ClosedRange<UInt64>
    /// Whether it is to be stored; else it may have been deleted.
    let isExpected: Bool
    fileprivate var place = 0

    init(_ row: Row, of inputs: ClosedRange<UInt64>, isExpected: Bool = true) {
      self.row = row
      self.inputs = inputs
      self.isExpected = isExpected
    }
  }

  private(set) var table: RebuiltTable
  private let labels: RebuildLabels
  private var made: [Row.Key: Made] = [:]
  private var stored: [Row.Key: Row] = [:]
  /// How many rows were made, and the last of them that is stored.
  private var count = 0
  private var lastStored = 0
  private var isAtEnd = false
  private static var mostWaiting: Int { 16_384 }

  init(_ name: String, _ labels: RebuildLabels) {
    table = RebuiltTable(name: name)
    self.labels = labels
  }

  /// Takes a row that was made; `next` gives the next one of the store, nil after the last.
  mutating func take(_ new: Made, next: () throws -> Row?) throws {
    if table.isGivenUp { return }
    count += 1
    var new = new
    new.place = count
    if let row = stored.removeValue(forKey: new.row.key) { return compare(new, row) }
    while let row = try step(next) {
      if row.key == new.row.key { return compare(new, row) }
      if let waiting = made.removeValue(forKey: row.key) {
        compare(waiting, row)
        continue
      }
      keep(row)
      break
    }
    made[new.row.key] = new
    // What is stored was all looked for among those that wait.
    if isAtEnd { settle() }
    if made.count > Self.mostWaiting { table.giveUp() }
  }

  private mutating func step(_ next: () throws -> Row?) throws -> Row? {
    if isAtEnd { return nil }
    let row = try next()
    isAtEnd = row == nil
    return row
  }

  /// Notes that those that wait are not stored.
  private mutating func settle() {
    let missing = made.values.sorted { $0.place < $1.place }
    made.removeAll(keepingCapacity: true)
    for row in missing where row.isExpected {
      table.add(missing: row.row.name(labels), row.inputs, isLast: row.place > lastStored)
    }
  }

  private mutating func keep(_ row: Row) {
    if stored[row.key] != nil { return table.add(superfluous: row.name(labels)) }
    stored[row.key] = row
    if stored.count > Self.mostWaiting { table.giveUp() }
  }

  private mutating func compare(_ made: Made, _ row: Row) {
    lastStored = max(lastStored, made.place)
    guard let difference = made.row.difference(from: row, labels) else { return table.equal += 1 }
    table.add(changed: made.row.name(labels), made.inputs, difference)
  }

  /// Takes what is left of the store once all was made that its inputs give; where they are cut, the
  /// rest cannot be compared.
  mutating func finish(isCut: Bool, next: () throws -> Row?) throws {
    if table.isGivenUp { return }
    while let row = try step(next) {
      if let waiting = made.removeValue(forKey: row.key) {
        compare(waiting, row)
      } else if isCut {
        table.uncompared += 1
      } else {
        table.add(superfluous: row.name(labels))
      }
    }
    settle()
    let rest = stored.values.map { $0.name(labels) }.sorted()
    stored.removeAll()
    if isCut { table.uncompared += rest.count }
    if !isCut { for name in rest { table.add(superfluous: name) } }
  }

  /// Takes a row that was made, and the one of the store with the same key.
  mutating func take(_ new: Made, _ row: Row) { compare(new, row) }

  /// Takes a row of the store that no inputs give.
  mutating func refuse(_ row: Row) { table.add(superfluous: row.name(labels)) }

  /// Notes that the table cannot be read on.
  mutating func fail(_ reason: String) { table.fail(reason) }
}
