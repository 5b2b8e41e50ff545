public import LoomCore

/// Where a row stands in its file, and its text.
public struct RowOrigin: BitwiseCopyable, Sendable {
  /// The line on which it starts, from 1; the file is that of the tick's source.
  public var line: Int
  /// Where its text starts in the batch's ``InputBatch/text``.
  public var offset: Int
  /// Bytes of text, at most 200.
  public var length: Int

  /// Creates an origin.
  public init(line: Int, offset: Int, length: Int) {
    self.line = line
    self.offset = offset
    self.length = length
  }
}

/// Some thousand rows in the order in which they were taken.
public struct InputBatch: Sendable {
  /// The rows; a refused one says why in its flags.
  ///
  /// The sequence counts 1, 2, 3 … over all rows but those that are no tick (`malformed`,
  /// `unknown_symbol`), which have 0. An unknown time is ``Timestamp/distantPast``, an unknown
  /// symbol ``SymbolID/unknown``.
  public var ticks: [SequencedTick] = []
  /// Where each row came from.
  public var origins: [RowOrigin] = []
  /// The texts of the rows, as read, in UTF-8 where the file was UTF-16.
  public var text: [UInt8] = []
  /// The symbols of malformed rows whose symbol is not registered: position of the row and name.
  public var unregistered: [(row: Int, name: String)] = []

  /// When the rows were received, and none came before; nil where no clock was given.
  public var clock: Timestamp?

  /// Creates an empty batch.
  public init() {}

  /// Removes the rows of which `isRemoved` says so.
  public mutating func removeRows(where isRemoved: (_ row: Int) -> Bool) {
    var kept = 0
    var names: [(row: Int, name: String)] = []
    var nextName = 0
    for row in ticks.indices {
      let hasName = nextName < unregistered.count && unregistered[nextName].row == row
      defer { nextName += hasName ? 1 : 0 }
      if isRemoved(row) { continue }
      if hasName { names.append((kept, unregistered[nextName].name)) }
      ticks[kept] = ticks[row]
      origins[kept] = origins[row]
      kept += 1
    }
    ticks.removeLast(ticks.count - kept)
    origins.removeLast(origins.count - kept)
    unregistered = names
  }

  mutating func clear() {
    ticks.removeAll(keepingCapacity: true)
    origins.removeAll(keepingCapacity: true)
    text.removeAll(keepingCapacity: true)
    unregistered.removeAll(keepingCapacity: true)
    clock = nil
  }
}
